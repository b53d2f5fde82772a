using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.Draining;

/// <summary>
/// Ends a run: decides whether the objects that the run does not name vanish. All records before the end of the run are settled. For each object that
/// vanishes, a record is appended to the backlog and delivered like any other record.
/// </summary>
internal sealed class RunEnd(Destination destination, KeyedRecords keys, AppendLog backlog, Journal journal, CursorTracker tracker, Settlement settlement, DrainScope drain)
{
    /// <returns>Completes when the broker has accepted the messages of the record.</returns>
    public async Task<Task> DecideAsync(PendingRecord end)
    {
        var run = await keys.RunAsync(end.Record.Run!);
        var isApproval = end.Record.Operation == RecordOperation.Approve;
        if (destination.Sync is null) return QuarantineAsync(end, "invalid", "The message ends a run, and only destinations with sync have runs. Leave its property operation out.");
        if (NumberIn(end.Record.Body, isApproval ? "vanished" : "records") is not { } number)
            return QuarantineAsync(end, "invalid", isApproval ? "The approval does not say how many objects may vanish; send {\"vanished\": 12}." : "The end of the run does not say how many records the run has; send {\"records\": 1200}.");
        if (run.State is RunState.Done or RunState.Empty) return Finish(end);
        if (isApproval && run.State != RunState.Blocked) return QuarantineAsync(end, "invalid", $"Run '{run.Name}' waits for no approval.");

        var now = drain.Time.GetUtcNow();
        var isLastCall = now - (end.State.FirstFailedAt ?? now) >= destination.GiveUpAfter;
        if (journal.Memory.PostponedForTargets > 0 && !isLastCall) return WaitAsync(end);
        var expected = isApproval ? run.Expected!.Value : number;
        var verdict = await keys.JudgeAsync(run, expected, isApproval ? number : null, isLastCall);
        switch (verdict.State)
        {
            case RunState.Open:
                return WaitAsync(end);
            case RunState.Done:
                var vanished = await keys.VanishedAsync(run.Name, verdict.Vanished.Concat(verdict.Expired));
                if (vanished.Count > 0) await backlog.AppendAsync(vanished, BacklogJson.Web.BacklogRecord, drain.Gate.Lost);
                break;
        }

        await run.DecideAsync(verdict.State, expected, verdict.Vanished.Count, now);
        var count = verdict.Vanished.Count;
        return verdict.State switch
        {
            RunState.Blocked when isApproval => QuarantineAsync(end, "invalid", string.Create(CultureInfo.InvariantCulture, $"{count} objects would vanish in run '{run.Name}', and {number} were approved. Look at the plan again, and approve exactly {count}.")),
            RunState.Blocked => FinishWithError(end, string.Create(CultureInfo.InvariantCulture, $"blocked: {count} of the linked objects would vanish in run '{run.Name}', and {verdict.WhyBlocked}. Look at the plan, and approve exactly {count}; or correct the source and send another run.")),
            RunState.Incomplete => QuarantineAsync(end, "incomplete", string.Create(CultureInfo.InvariantCulture, $"Run '{run.Name}' announced {expected} records, but {run.Records} arrived, or some are still retried. Nothing vanishes. Send the others and replay this entry, or send another run.")),
            RunState.Empty => QuarantineAsync(end, "empty", $"Run '{run.Name}' has no records, so nothing vanishes. If the source is really empty, delete the objects with tombstones."),
            _ => Finish(end),
        };
    }

    /// <summary>Postpones the end of the run, because not all of its records are settled.</summary>
    private Task WaitAsync(PendingRecord end)
    {
        var now = drain.Time.GetUtcNow();
        var when = new Circumstances(Repeat.Repeatable, false, false, TimeSpan.MaxValue, null);
        var postponed = (Decision.Postpone)Decision.Of(end.State, AnswerKind.NotApplied, when, now, drain.Random.NextDouble());
        return settlement.PostponeAsync([(end, postponed.State)], null, null);
    }

    private Task QuarantineAsync(PendingRecord end, string kind, string reason) => settlement.QuarantineUnsentAsync(end.Record, end.Line, kind, reason);

    private Task FinishWithError(PendingRecord end, string error)
    {
        settlement.NoteError(error);
        return Finish(end);
    }

    private Task Finish(PendingRecord end)
    {
        journal.Add(new JournalLine(end.Record.Key, end.Line.End, new RecordState(Stage.Delivered)));
        tracker.Settle(end.Line, Backlog.Finish.Passed);
        return Task.CompletedTask;
    }

    private static int? NumberIn(RawJson body, string name) =>
        JsonDocument.Parse(body.Utf8).RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 ? number : null;
}
