using System.Buffers;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>Intents before calls, outcomes after them, under <c>journal/{credential}/{destination}/</c>. One append carries what a second brought.</summary>
internal sealed class Journal
{
    private const int ChunkSize = 4 << 20;

    /// <summary>How many segments stay: they are what duplicates are recognised by.</summary>
    private const int SegmentsKept = 2;

    private readonly AppendLog _log;
    private readonly Dictionary<string, JournalEntry> _latest = new(StringComparer.Ordinal);
    private readonly List<JournalEntry> _unwritten = [];
    private readonly Lock _lock = new();

    private Journal(AppendLog log) => _log = log;

    public static async Task<Journal> OpenAsync(BlobAccount account, string credential, string destination, CancellationToken cancel)
    {
        var journal = new Journal(new AppendLog(account.Journal, Backlogs.Prefix(credential, destination), rollAtBytes: 16 << 20));
        var segments = (await journal._log.ListAsync(cancel)).Keys;
        foreach (var segment in segments)
        {
            for (var position = new LogPosition(segment, 0); ;)
            {
                var chunk = await journal._log.ReadAsync(position, ChunkSize, cancel);
                if (chunk.Lines.Count == 0) break;
                foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                    if (JsonSerializer.Deserialize(line.Payload.Span, AppJson.Web.JournalEntry) is { } entry) journal._latest[entry.Id] = entry;
                position = chunk.Next;
            }
        }

        if (segments.Count > SegmentsKept) await journal._log.DeleteBeforeAsync(segments.Max() - SegmentsKept + 1, cancel);
        return journal;
    }

    /// <summary>The latest word on a record, written or not; null if it was never heard of.</summary>
    public JournalEntry? Latest(string id)
    {
        lock (_lock) return _latest.GetValueOrDefault(id);
    }

    /// <summary>Notes an entry; it becomes durable with the next <see cref="WriteAsync"/>.</summary>
    public void Add(JournalEntry entry)
    {
        lock (_lock)
        {
            _latest[entry.Id] = entry with { Event = null };
            _unwritten.Add(entry);
        }
    }

    /// <summary>Whether some earlier outcome claims this Clockify object.</summary>
    public bool Claims(string entityId)
    {
        lock (_lock) return _latest.Values.Any(entry => entry.EntityId == entityId);
    }

    /// <summary>Makes everything noted so far durable, in one append.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        JournalEntry[] entries;
        lock (_lock)
        {
            if (_unwritten.Count == 0) return;
            entries = [.. _unwritten];
            _unwritten.Clear();
        }

        var block = new ArrayBufferWriter<byte>();
        foreach (var entry in entries) LogLine.Write(block, JsonSerializer.SerializeToUtf8Bytes(entry, AppJson.Web.JournalEntry));
        try
        {
            await _log.AppendAsync(block.WrittenMemory, cancel);
        }
        catch
        {
            lock (_lock) _unwritten.InsertRange(0, entries); // Still owed; writing one twice does no harm.
            throw;
        }
    }
}
