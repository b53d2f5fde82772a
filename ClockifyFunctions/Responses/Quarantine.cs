using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Observability;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Responses;

/// <summary>Where refused records wait for a person: append logs under <c>quarantine/{destination}/</c>. What a person does is appended as well.</summary>
internal sealed class Quarantine(BlobAccount account)
{
    /// <summary>For messages that name no destination we know; no valid destination id begins with an underscore.</summary>
    public const string Unrouted = "_unrouted";

    private const int ChunkSize = 1 << 20;

    private readonly ConcurrentDictionary<string, AppendLog> _logs = new(StringComparer.Ordinal);

    public async Task AddAsync(string destination, IReadOnlyCollection<QuarantineEntry> entries, CancellationToken cancel)
    {
        var lines = new List<QuarantineEntry>();
        foreach (var entry in entries) lines.Add(await WithoutLargeBodyAsync(destination, entry, cancel));
        await Log(destination).AppendAsync(lines, AppJson.Web.QuarantineEntry, cancel);
        Instruments.QuarantineEntries.Add(entries.Count(entry => !entry.Closes()), new KeyValuePair<string, object?>(Instruments.Destination, destination));
    }

    /// <summary>What waits for a person at a destination, oldest first, each id once and with its history.</summary>
    public async Task<IReadOnlyList<QuarantineEntry>> ListAsync(string destination, CancellationToken cancel)
    {
        var open = new OrderedDictionary<string, QuarantineEntry>(StringComparer.Ordinal);
        var closed = new Dictionary<string, (int Replay, List<QuarantineEntry.Earlier> History)>(StringComparer.Ordinal);
        await foreach (var entry in ReadAsync(destination, cancel))
        {
            var earlier = closed.GetValueOrDefault(entry.Id, (Replay: -1, History: []));
            if (entry.Closes())
            {
                // A replayed record may have been refused again before this was noted: that is for a person to deal with still.
                if (open.TryGetValue(entry.Id, out var dealtWith) && (dealtWith.Replay ?? 0) > (entry.Replay ?? 0)) continue;
                if (open.Remove(entry.Id)) earlier.History.Add(new(dealtWith!.At, dealtWith.Kind, dealtWith.Reason));
                closed[entry.Id] = (entry.Replay ?? 0, earlier.History);
            }
            else if ((entry.Replay ?? 0) > earlier.Replay)
            {
                // A crash can write an entry twice: the later line says the same.
                open[entry.Id] = entry with { History = earlier.History.Count == 0 ? null : [.. earlier.History] };
            }
        }

        return [.. open.Values];
    }

    /// <summary>Notes that a person has dealt with these entries; they are listed no more.</summary>
    /// <param name="how"><see cref="QuarantineEntry.Replayed"/> or <see cref="QuarantineEntry.Discarded"/>.</param>
    public Task CloseAsync(string destination, IEnumerable<QuarantineEntry> entries, string how, DateTimeOffset now, CancellationToken cancel) =>
        AddAsync(destination, [.. entries.Select(entry => new QuarantineEntry(entry.Id, entry.MessageId, entry.Destination, now, how, "", Replay: entry.Replay))], cancel);

    /// <summary>The bytes of a message that is no record.</summary>
    public async Task<ReadOnlyMemory<byte>> RawAsync(QuarantineEntry entry, CancellationToken cancel) =>
        entry.RawBlob is { } name ? (await account.Quarantine.GetBlobClient(name).DownloadContentAsync(cancel)).Value.Content.ToMemory() : entry.Raw;

    private async Task<QuarantineEntry> WithoutLargeBodyAsync(string destination, QuarantineEntry entry, CancellationToken cancel)
    {
        if (entry.Raw is not { Length: > BacklogRecord.MaxBytes } raw) return entry;
        var name = $"{destination}/bodies/{entry.Id}";
        await account.Quarantine.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(raw), overwrite: true, cancel);
        return entry with { Raw = null, RawBlob = name };
    }

    private async IAsyncEnumerable<QuarantineEntry> ReadAsync(string destination, [EnumeratorCancellation] CancellationToken cancel)
    {
        var log = Log(destination);
        foreach (var segment in (await log.ListAsync(cancel)).Keys)
        {
            for (var position = new LogPosition(segment, 0); ;)
            {
                var chunk = await log.ReadAsync(position, ChunkSize, cancel);
                if (chunk.Lines.Count == 0) break;
                foreach (var line in chunk.Lines.Where(line => !line.Damaged))
                    if (JsonSerializer.Deserialize(line.Payload.Span, AppJson.Web.QuarantineEntry) is { } entry) yield return entry;
                position = chunk.Next;
            }
        }
    }

    private AppendLog Log(string destination) => _logs.GetOrAdd(destination, id => new AppendLog(account.Quarantine, $"{id}/"));
}
