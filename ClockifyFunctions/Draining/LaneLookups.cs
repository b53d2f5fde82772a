using ClockifyFunctions.Delivery;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Draining;

/// <summary>
/// Makes the calls that a record needs before it can be resolved. The journal treats a creation like a record: the start is durable before the request
/// is sent, and the end is added when the result is known.
/// </summary>
/// <param name="place">The end of the record in the backlog. The journal keeps the creations until the cursor has passed it.</param>
internal sealed class LaneLookups(DrainScope drain, Journal journal, CallSender sender, LogPosition place, CancellationToken begin) : ILookupCalls
{
    /// <summary>A call is abandoned after 30 s, and may still take effect up to 10 s later.</summary>
    private static readonly TimeSpan OverAfter = TimeSpan.FromSeconds(30) + Decision.TakesEffectWithin;

    public Task<CallResult> CallAsync(RenderedRequest request) => sender.LookUpAsync(request);

    public async Task<bool> HasNoRightAsync() => await drain.KeyCheck.AskAsync(CallAsync) == AnswerKind.NoRight;

    public DateTimeOffset? MayTakeEffectUntil(string creation)
    {
        // Any destination of the credential may have started the creation.
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
        // Another destination may have started the creation. The next creation that finds its line in that journal ends it.
        journal.Add(new JournalLine(creation, place, new RecordState(Stage.Waiting), entityId));
    }

    public async Task DelayUntilAsync(DateTimeOffset time)
    {
        if (time - drain.Time.GetUtcNow() is var wait && wait > TimeSpan.Zero) await Task.Delay(wait, drain.Time, begin);
    }
}
