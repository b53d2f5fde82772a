using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Puts records into batches: those with equal method, URL, headers, and grouping attribute, in the order in which they come.
/// Without batching each record is a batch of its own. Pure.
/// </summary>
internal sealed class BatchBuilder<T>(Batching? batching)
{
    /// <summary>Most records in memory at once, whatever the batch size, and bytes of their requests: as many as the largest batch has. And batches, where hardly two records share one.</summary>
    private const int MostRecords = 5000, MostBytes = 10 << 20, MostBatches = 1000;

    private readonly List<Batch> _batches = [];
    private readonly Dictionary<string, Batch> _open = new(StringComparer.Ordinal);

    /// <summary>What they add to each record, at most. Bytes.</summary>
    private readonly int _constants = batching?.Constants.Sum(constant => JsonEncodedText.Encode(constant.Key).EncodedUtf8Bytes.Length + JsonMarshal.GetRawUtf8Value(constant.Value).Length + 4) ?? 0;

    private int _records;
    private long _bytes;
    private Uri? _lastUrl;
    private string _lastKey = "";

    public IEnumerable<IReadOnlyList<T>> Batches => _batches;

    /// <summary>Whether more records could still join the batch.</summary>
    public bool IsOpen(IReadOnlyList<T> batch) => !IsFull && batch is Batch { IsOpen: true };

    /// <summary>Then what is there goes, complete or not.</summary>
    private bool IsFull => _records >= MostRecords || _bytes >= MostBytes || _batches.Count >= MostBatches;

    /// <summary>Whether <paramref name="count"/> batches are complete, or as many records were added as are kept in memory. Those that were only begun do not count: what would fill them may come yet.</summary>
    public bool IsEnough(int count) => _batches.Count - _open.Count >= count || IsFull;

    /// <param name="request">Null: the record has none, and stands alone.</param>
    /// <param name="alone">The record shares no request with another.</param>
    public void Add(T item, RenderedRequest? request, RawJson record, bool alone = false)
    {
        _records++;
        _bytes += request?.Body.Length ?? 0;
        // What comes behind it must not join a batch before it.
        if (alone) foreach (var open in _open.Keys) Close(open);
        if (batching is null || request is null || alone || batching.Size == 1)
        {
            _batches.Add([item]);
            return;
        }

        var key = Key(request, record);
        var size = request.Body.Length + 1 + _constants;
        if (_open.TryGetValue(key, out var batch) && batch.Bytes + size > batching.MaxBytes)
        {
            Close(key);
            batch = null;
        }

        if (batch is null) _batches.Add(batch = _open[key] = new Batch { IsOpen = true });
        batch.Add(item);
        batch.Bytes += size;
        if (batch.Count == batching.Size) Close(key);
    }

    private void Close(string key)
    {
        if (_open.Remove(key, out var batch)) batch.IsOpen = false;
    }

    private string Key(RenderedRequest request, RawJson record)
    {
        // As a rule all go to one and the same address.
        if (request.Headers.Count == 0 && batching!.GroupBy is null)
        {
            if (!ReferenceEquals(request.Url, _lastUrl)) (_lastUrl, _lastKey) = (request.Url, $"{request.Method}\n{request.Url.AbsoluteUri}");
            return _lastKey;
        }

        var key = new StringBuilder().Append(request.Method).Append('\n').Append(request.Url.AbsoluteUri);
        foreach (var (name, value) in request.Headers) key.Append('\n').Append(name).Append(':').Append(value);
        if (batching!.GroupBy is { } by)
        {
            using var parsed = JsonDocument.Parse(record.Utf8);
            key.Append('\n').Append(by.TryFind(parsed.RootElement, out var value) ? value.GetRawText() : "");
        }

        return key.ToString();
    }

    private sealed class Batch : List<T>
    {
        public int Bytes { get; set; }

        /// <summary>Whether it has room for more.</summary>
        public bool IsOpen { get; set; }
    }
}
