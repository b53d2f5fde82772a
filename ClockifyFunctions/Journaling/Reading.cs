
namespace ClockifyFunctions.Journaling;

/// <summary>The decision about a line of the backlog. <see cref="Of"/> makes redelivered and postponed copies harmless. Pure.</summary>
internal abstract record Reading
{
    /// <summary>After this time, a call that another process started has ended. A drain lasts at most 90 minutes, and clocks may differ.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(100);

    /// <summary>Deliver the record.</summary>
    internal sealed record Begin(RecordState State) : Reading;

    /// <summary>The journal contains the outcome of the record, but the broker may not have accepted its message. Send the event or the copy again, then pass the line.</summary>
    internal sealed record SendAgain : Reading;

    /// <summary>The record is finished, or a later copy replaces it: pass the line.</summary>
    internal sealed record Pass : Reading;

    /// <summary>The line claims to be a copy that this journal did not announce. Quarantine it.</summary>
    internal sealed record Unannounced : Reading;

    /// <param name="attempt">The attempt of the line; 0 for a record from a producer.</param>
    /// <param name="mayHaveArrived">The value in the line.</param>
    /// <param name="digest">Returns the digest of the body. It is called for copies only.</param>
    /// <param name="known">The last state of the record in the journal; null if there is none.</param>
    /// <param name="isPending">Whether the broker may not have accepted the message of <paramref name="known"/>.</param>
    /// <param name="entered">The time at which this drain acquired the gate. Calls of earlier holders were canceled before.</param>
    public static Reading Of(int attempt, bool mayHaveArrived, Func<string> digest, RecordState? known, bool isPending, DateTimeOffset entered)
    {
        // The journal line of the postponement is durable before the copy is sent, and it stays in the journal until the record is finished.
        if (known is null) return attempt == 0 ? new Begin(RecordState.New) : new Unannounced();
        if (known.IsFinished || known.Attempt > attempt)
            return isPending && (known.IsFinished || known is { Stage: Stage.Postponed } && known.Attempt == attempt + 1) ? new SendAgain() : new Pass();
        if (known.Attempt < attempt || (attempt > 0 && known.Digest != digest())) return new Unannounced();
        if (known.Stage != Stage.Started) return new Begin(known with { Stage = Stage.Waiting, MayHaveArrived = known.MayHaveArrived || mayHaveArrived });
        var over = known.LastSentAt + LongestCall;
        return new Begin(known with { Stage = Stage.Waiting, MayHaveArrived = true, LastSentAt = over < entered ? over : entered });
    }
}
