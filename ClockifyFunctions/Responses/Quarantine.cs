using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Responses;

/// <summary>Where refused records wait for a person: append logs under <c>quarantine/{destination}/</c>.</summary>
internal sealed class Quarantine(BlobAccount account)
{
    /// <summary>For messages that name no destination we know; no valid destination id begins with an underscore.</summary>
    public const string Unrouted = "_unrouted";

    private const int ChunkSize = 1 << 20;

    private readonly ConcurrentDictionary<string, AppendLog> _logs = new(StringComparer.Ordinal);

    public async Task AddAsync(string destination, IReadOnlyCollection<QuarantineEntry> entries, CancellationToken cancel)
    {
        foreach (var entry in entries)
        {
            var line = new ArrayBufferWriter<byte>();
            LogLine.Write(line, JsonSerializer.SerializeToUtf8Bytes(entry, AppJson.Web.QuarantineEntry));
            await Log(destination).AppendAsync(line.WrittenMemory, cancel);
        }
    }

    /// <summary>All entries of a destination, oldest first. A crash can write an entry twice; each id is listed once.</summary>
    public async Task<IReadOnlyList<QuarantineEntry>> ListAsync(string destination, CancellationToken cancel)
    {
        var entries = new Dictionary<string, QuarantineEntry>(StringComparer.Ordinal);
        var log = Log(destination);
        foreach (var segment in (await log.ListAsync(cancel)).Keys)
        {
            for (var position = new LogPosition(segment, 0); ;)
            {
                var chunk = await log.ReadAsync(position, ChunkSize, cancel);
                if (chunk.Lines.Count == 0) break;
                foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                    if (JsonSerializer.Deserialize(line.Payload.Span, AppJson.Web.QuarantineEntry) is { } entry) entries[entry.Id] = entry;
                position = chunk.Next;
            }
        }

        return [.. entries.Values];
    }

    private AppendLog Log(string destination) => _logs.GetOrAdd(destination, id => new AppendLog(account.Quarantine, $"{id}/"));
}
