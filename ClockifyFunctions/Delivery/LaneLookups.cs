using ClockifyFunctions.Journaling;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>Makes the calls that a record needs before it can be resolved. A creation is in the journal like that of a record: started before its call leaves, and ended when it is known what came of it.</summary>
/// <param name="place">Where the record ends in the backlog: until the cursor has passed it, the journal keeps the creations.</param>
internal sealed class LaneLookups(DrainScope drain, Journal journal, CallSender sender, LogPosition place, CancellationToken begin) : ILookupCalls
{
    /// <summary>A call is given up after 30 s, and may take effect 10 s later.</summary>
    private static readonly TimeSpan OverAfter = TimeSpan.FromSeconds(30) + Decision.TakesEffectWithin;

    public Task<CallResult> CallAsync(RenderedRequest request) => sender.LookUpAsync(request);

    public async Task<bool> HasNoRightAsync() => await drain.KeyCheck.AskAsync(CallAsync) == Answer.NoRight;

    public DateTimeOffset? MayTakeEffectUntil(string creation)
    {
        // Any destination of the credential may have begun it.
        if (drain.Find(creation) is not { Stage: Stage.Started, LastSentAt: { } started }) return null;
        return started > drain.Entered ? started + OverAfter : drain.Entered + Decision.TakesEffectWithin;
    }

    public Task BeginAsync(string creation)
    {
        var now = drain.Time.GetUtcNow();
        return journal.AppendAsync(new JournalLine(creation, place, new RecordState(Stage.Started) { FirstSentAt = now, LastSentAt = now }));
    }

    public void End(string creation, string? entityId)
    {
        // Another destination may have begun it: its line is ended by the next creation that finds it there.
        journal.Add(new JournalLine(creation, place, new RecordState(Stage.Waiting), entityId));
    }

    public async Task DelayUntilAsync(DateTimeOffset time)
    {
        if (time - drain.Time.GetUtcNow() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, drain.Time, begin);
    }
}
