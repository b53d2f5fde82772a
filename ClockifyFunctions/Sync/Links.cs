using System.Globalization;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Sync;

/// <summary>
/// The object of each external key of a destination, stored under <c>links/{credential}/{destination}/</c>. Only the holder of the gate writes
/// them. The log contains the keys, and memory contains only their hashes.
/// </summary>
internal sealed class Links(BlobAccount account, string credential, string destination, int segmentBytes = 16 << 20) : IHolderLogMemory<LinkLine>
{
    /// <summary>
    /// The log is rewritten when it has more than <see cref="MostLinesPerKey"/> lines per key and more than <see cref="FewLines"/> lines. A rewrite
    /// appends <see cref="LinesAtOnce"/> lines at a time and reads <see cref="ChunkSize"/> bytes at a time.
    /// </summary>
    private const int MostLinesPerKey = 4, FewLines = 10_000, LinesAtOnce = 20_000, ChunkSize = 4 << 20;

    private readonly AppendLog _log = new(account.Links, $"{credential}/{destination}/", rollAtBytes: segmentBytes);
    private readonly Lock _lock = new();
    private LinkTable _table = new();
    private int _lines;

    /// <inheritdoc cref="HolderLog{T}.IsSound"/>
    public bool IsSound => Lines.IsSound;

    /// <summary>Identifies this state of the links.</summary>
    public string Version => string.Create(CultureInfo.InvariantCulture, $"{Lines.End.Segment}-{Lines.End.Offset}");

    /// <summary>The number of keys that are linked to an active object.</summary>
    public int Active
    {
        get { lock (_lock) return _table.Active; }
    }

    private HolderLog<LinkLine> Lines => field ??= new HolderLog<LinkLine>(_log, SyncJson.Web.LinkLine, this);

    /// <summary>128 bits, because two keys with the same hash would be linked to the same object.</summary>
    public static UInt128 HashOf(string key) => XxHash128.HashToUInt128(MemoryMarshal.AsBytes(key.AsSpan()));

    /// <summary>Reads the new lines and prepares for writing. Rewrites the log if it is long.</summary>
    /// <param name="lost">Cancelled when the gate is lost.</param>
    /// <param name="expired">If the log is rewritten, links older than this are left out. Null: none is left out.</param>
    public async Task OpenAsync(CancellationToken lost, DateTimeOffset? expired = null)
    {
        await Lines.OpenAsync(lost);
        if (_lines > FewLines && _lines > MostLinesPerKey * (long)_table.Count) await CompactAsync(expired, lost);
    }

    /// <summary>Reads the new lines. Every process may do so.</summary>
    public Task ReadAsync(CancellationToken cancel) => Lines.OpenAsync(cancel);

    public Link Find(UInt128 key)
    {
        lock (_lock) return _table.Find(key);
    }

    /// <summary>The key of an object; null if no key is linked to it.</summary>
    public UInt128? KeyOf(ObjectId id)
    {
        lock (_lock) return _table.KeyOf(id);
    }

    public IReadOnlyList<(UInt128 Key, Link Link)> All()
    {
        lock (_lock) return [.. _table.All()];
    }

    /// <summary>Completes when the lines are durable.</summary>
    public Task AppendAsync(params IReadOnlyList<LinkLine> lines) => Lines.AppendAsync(lines);

    /// <inheritdoc cref="HolderLog{T}.CloseAsync"/>
    public Task CloseAsync() => Lines.CloseAsync();

    /// <summary>Reads the keys of these hashes from the log.</summary>
    public async Task<IReadOnlyDictionary<UInt128, string>> KeysAsync(IReadOnlySet<UInt128> hashes, CancellationToken cancel)
    {
        var keys = new Dictionary<UInt128, string>();
        await foreach (var line in ReadLinesAsync(cancel))
            if (HashOf(line.Key) is var hash && hashes.Contains(hash)) keys[hash] = line.Key;
        return keys;
    }

    void IHolderLogMemory<LinkLine>.Note(LinkLine line, int segment)
    {
        lock (_lock)
        {
            _lines++;
            if (line.Key.Length == 0) _table.ForgetHashes();
            else _table.Set(HashOf(line.Key), line.ToLink());
        }
    }

    void IHolderLogMemory<LinkLine>.Reset()
    {
        lock (_lock) (_table, _lines) = (new LinkTable(), 0);
    }

    LinkLine IHolderLogMemory<LinkLine>.ToWrite(LinkLine line) => line;

    /// <summary>A former holder of the gate writes no links. The next holder searches for the object of a create that has no link.</summary>
    bool IHolderLogMemory<LinkLine>.IsFact(LinkLine line) => false;

    /// <summary>Writes the current link of each key to a new segment and deletes the earlier segments. If the process ends in between, both remain, which has no effect.</summary>
    private async Task CompactAsync(DateTimeOffset? expired, CancellationToken lost)
    {
        var end = Lines.End.Segment;
        var written = new HashSet<UInt128>();
        var part = new List<LinkLine>();
        await foreach (var line in ReadLinesAsync(lost))
        {
            var key = HashOf(line.Key);
            if (line.Key.Length == 0 || Find(key) is not { State: not LinkState.None } link || link.At < expired || !written.Add(key)) continue;
            part.Add(LinkLine.Of(line.Key, link, line.Run));
            // After the first line, a former holder of the gate cannot append to the earlier segment.
            if (written.Count > 1 && part.Count < LinesAtOnce) continue;
            await WriteAsync(written.Count == 1);
        }

        if (written.Count == 0) return;
        await WriteAsync(false);
        await _log.DeleteBeforeAsync(end + 1, lost);
        _lines = written.Count;

        async Task WriteAsync(bool begins)
        {
            await Lines.AppendAsync([.. part]);
            if (begins) await Lines.BeginSegmentAsync();
            else part.Clear();
        }
    }

    private async IAsyncEnumerable<LinkLine> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var segment in (await _log.ListAsync(cancel)).Keys)
        {
            for (var at = new LogPosition(segment, 0); ;)
            {
                var chunk = await _log.ReadAsync(at, ChunkSize, cancel);
                foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                    if (JsonSerializer.Deserialize(line.Payload.Span, SyncJson.Web.LinkLine) is { } entry) yield return entry;
                if (chunk.IsEnd || chunk.Lines.Count == 0) break;
                at = chunk.Next;
            }
        }
    }
}
