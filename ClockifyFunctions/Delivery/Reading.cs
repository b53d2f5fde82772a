using ClockifyFunctions.Journaling;

namespace ClockifyFunctions.Delivery;

/// <summary>What to do with a line of the backlog. <see cref="Of"/> is the rule that makes redelivered and postponed copies harmless. Pure.</summary>
internal abstract record Reading
{
    /// <summary>A call that another process started is over after this time: a drain lasts at most 90 minutes, and clocks may differ.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(100);

    /// <summary>Deliver the record.</summary>
    internal sealed record Begin(RecordState State) : Reading;

    /// <summary>The journal has what became of the record, but the broker may not have its message: send the event or the copy (again), then pass the line.</summary>
    internal sealed record SendAgain : Reading;

    /// <summary>The record is finished, or a later copy of it counts: pass the line.</summary>
    internal sealed record Pass : Reading;

    /// <summary>The line claims to be a copy that this journal never announced: a person decides.</summary>
    internal sealed record Unannounced : Reading;

    /// <param name="attempt">The line's; 0 for a record from a producer.</param>
    /// <param name="mayHaveArrived">As the line says.</param>
    /// <param name="digest">Of the line's body; asked for copies only.</param>
    /// <param name="known">What the journal says about the record last; null if nothing.</param>
    /// <param name="isPending">Whether the broker may lack the message of <paramref name="known"/>.</param>
    /// <param name="entered">When this drain acquired the gate: calls of earlier holders were given up by then.</param>
    public static Reading Of(int attempt, bool mayHaveArrived, Func<string> digest, RecordState? known, bool isPending, DateTimeOffset entered)
    {
        // The Postponed line is durable before its copy is sent, and it stays in the journal until the record is finished.
        if (known is null) return attempt == 0 ? new Begin(RecordState.New) : new Unannounced();
        if (known.IsFinished || known.Attempt > attempt)
            return isPending && (known.IsFinished || known is { Stage: Stage.Postponed } && known.Attempt == attempt + 1) ? new SendAgain() : new Pass();
        if (known.Attempt < attempt || (attempt > 0 && known.Digest != digest())) return new Unannounced();
        if (known.Stage != Stage.Started) return new Begin(known with { Stage = Stage.Waiting, MayHaveArrived = known.MayHaveArrived || mayHaveArrived });
        var over = known.LastSentAt + LongestCall;
        return new Begin(known with { Stage = Stage.Waiting, MayHaveArrived = true, LastSentAt = over < entered ? over : entered });
    }
}
