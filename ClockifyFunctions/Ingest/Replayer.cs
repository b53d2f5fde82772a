using System.Runtime.CompilerServices;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Ingest;

/// <summary>The result of an action on quarantined entries.</summary>
/// <param name="Count">Number of entries that were processed.</param>
/// <param name="Problems">The entries that stay in the quarantine, by id, each with its reason.</param>
internal sealed record QuarantineChange(int Count, IReadOnlyList<Problem> Problems);

/// <summary>Returns quarantined records to the backlog, after a person has removed the cause.</summary>
internal sealed class Replayer(QuarantineStore quarantine, Backlogs backlogs, DestinationStore destinations, DrainTickets tickets, TimeProvider time)
{
    /// <summary>
    /// Appends the records to their backlog and then closes their entries. If it is interrupted in between, a repeated request appends them again
    /// under the same key, and the drain recognizes the copies.
    /// </summary>
    /// <param name="ids">The ids of the entries; null: all.</param>
    /// <param name="to">The destination for messages that named no known destination; null: the destination that each message names.</param>
    public async Task<QuarantineChange> ReplayAsync(string from, IReadOnlyCollection<string>? ids, string? to, CancellationToken cancel)
    {
        var problems = new ProblemList();
        var count = 0;
        var credentials = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            await foreach (var chosen in ChosenAsync(from, ids, problems, cancel)) count += await ReplayAsync(from, chosen, to, credentials, problems, cancel);
        }
        finally
        {
            await Task.WhenAll(credentials.Select(credential => tickets.SendAsync(credential, CancellationToken.None)));
        }

        await quarantine.EraseClosedAsync(from, time.GetUtcNow(), CancellationToken.None);

        return new QuarantineChange(count, problems.Listed);
    }

    public async Task<QuarantineChange> DiscardAsync(string from, IReadOnlyCollection<string>? ids, CancellationToken cancel)
    {
        var problems = new ProblemList();
        var count = 0;
        await foreach (var chosen in ChosenAsync(from, ids, problems, cancel))
        {
            await quarantine.CloseAsync(from, chosen, QuarantineEntry.Discarded, time.GetUtcNow(), cancel);
            count += chosen.Count;
        }

        await quarantine.EraseClosedAsync(from, time.GetUtcNow(), CancellationToken.None);
        return new QuarantineChange(count, problems.Listed);
    }

    /// <returns>The number of records that were appended.</returns>
    private async Task<int> ReplayAsync(string from, IReadOnlyList<QuarantineEntry> chosen, string? to, HashSet<string> credentials, ProblemList problems, CancellationToken cancel)
    {
        var count = 0;
        foreach (var group in chosen.GroupBy(entry => to ?? (from == QuarantineStore.Unrouted ? entry.Destination : from)))
        {
            if (group.Key is null || await destinations.FindAsync(group.Key, cancel) is not { } destination)
            {
                var remedy = group.Key is null ? "names no destination; send the destination in 'destination'." : $"names destination '{group.Key}', which does not exist; create it, or send another destination in 'destination'.";
                problems.AddRange(group.Select(entry => new Problem(entry.Id, remedy)));
                continue;
            }

            var records = new List<BacklogRecord>();
            var ready = new List<QuarantineEntry>();
            foreach (var entry in group)
            {
                if (await RecordsOfAsync(entry, problems, cancel) is not { } found) continue;
                records.AddRange(found);
                ready.Add(entry);
            }

            credentials.Add(destination.Config.Credential!);
            // Do not cancel here: otherwise the records could be in the backlog while their entries are still open.
            await backlogs.AppendAsync(destination.Config.Credential!, destination.Id, records, CancellationToken.None);
            await quarantine.CloseAsync(from, ready, QuarantineEntry.Replayed, time.GetUtcNow(), CancellationToken.None);
            count += ready.Count;
        }

        return count;
    }

    /// <summary>Reads the chosen entries in parts. After the last part, each id that was not found becomes a problem.</summary>
    private async IAsyncEnumerable<IReadOnlyList<QuarantineEntry>> ChosenAsync(string from, IReadOnlyCollection<string>? ids, ProblemList problems, [EnumeratorCancellation] CancellationToken cancel)
    {
        var wanted = ids?.ToHashSet(StringComparer.Ordinal);
        await foreach (var part in quarantine.AllAsync(from, cancel))
        {
            var chosen = wanted is null ? part : [.. part.Where(entry => wanted.Remove(entry.Id))];
            if (chosen.Count > 0) yield return chosen;
        }

        problems.AddRange((wanted ?? []).Select(id => new Problem(id, $"is not in quarantine '{from}'.")));
    }

    private async Task<IReadOnlyList<BacklogRecord>?> RecordsOfAsync(QuarantineEntry entry, ProblemList problems, CancellationToken cancel)
    {
        var replay = (entry.Replay ?? 0) + 1;
        if (entry.Record is { } record) return [new BacklogRecord(entry.Id, entry.MessageId, time.GetUtcNow(), RawJson.Of(record), replay) { Run = entry.Run, Operation = entry.Operation }];
        if (RecordReader.TryRead(entry.Id, entry.MessageId, time.GetUtcNow(), await quarantine.RawAsync(entry, cancel), trace: null, out var records, out var problem))
            return [.. records.Select(read => read with { Replay = replay })];
        problems.Add(new Problem(entry.Id, $"cannot be replayed: {problem} Send it again from the source, and discard this entry."));
        return null;
    }
}
