using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Groups records into batches. The records of a batch have the same method, URL, headers and grouping attribute, and keep their order.
/// Without batching, each record is a batch of its own. Pure.
/// </summary>
internal sealed class BatchBuilder<T>(Batching? batching)
{
    /// <summary>
    /// Limits of the memory for one round, whatever the batch size: records, bytes of their requests, and batches. The first two equal the
    /// maximum size of a batch. The third limits rounds in which hardly any records share a batch.
    /// </summary>
    private const int MostRecords = 5000, MostBytes = 10 << 20, MostBatches = 1000;

    private readonly List<Batch> _batches = [];
    private readonly Dictionary<string, Batch> _open = new(StringComparer.Ordinal);

    /// <summary>Maximum number of bytes that the constants add to each record.</summary>
    private readonly int _constants = batching?.Constants.Sum(constant => JsonEncodedText.Encode(constant.Key).EncodedUtf8Bytes.Length + JsonMarshal.GetRawUtf8Value(constant.Value).Length + 4) ?? 0;

    private int _records;
    private long _bytes;
    private Uri? _lastUrl;
    private string _lastKey = "";

    public IEnumerable<IReadOnlyList<T>> Batches => _batches;

    /// <summary>Returns whether more records can still join the batch.</summary>
    public bool IsOpen(IReadOnlyList<T> batch) => !IsFull && batch is Batch { IsOpen: true };

    /// <summary>Whether a memory limit is reached. All batches are then sent, complete or not.</summary>
    private bool IsFull => _records >= MostRecords || _bytes >= MostBytes || _batches.Count >= MostBatches;

    /// <summary>
    /// Returns whether <paramref name="count"/> batches are complete or a memory limit is reached. Incomplete batches do not count, because
    /// later records can fill them.
    /// </summary>
    public bool IsEnough(int count) => _batches.Count - _open.Count >= count || IsFull;

    /// <param name="request">The request of the record; null: the record has no request and forms a batch of its own.</param>
    /// <param name="alone">Whether the record must be sent in a request of its own.</param>
    public void Add(T item, RenderedRequest? request, RawJson record, bool alone = false)
    {
        _records++;
        _bytes += request?.Body.Length ?? 0;
        // Later records must not join a batch that is sent before this record.
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
        // Fast path: usually all records have the same URL.
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

        /// <summary>Whether more records can join this batch.</summary>
        public bool IsOpen { get; set; }
    }
}
