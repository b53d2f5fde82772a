using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Delivery;

/// <summary>What came of the calls for a record. A 429 is no answer: the key pauses and the call is repeated.</summary>
internal enum Answer
{
    /// <summary>2xx, found by verification, or gone before a delete.</summary>
    Delivered,

    /// <summary>4xx: the API will not take the record as it is.</summary>
    Rejected,

    /// <summary>401 or 403, and the API says whose key it is: the key has no right here.</summary>
    NoRight,

    /// <summary>401 or 403, and the API does not accept the key anywhere.</summary>
    KeyRefused,

    /// <summary>The object of the record's key was deleted in Clockify. The record comes back at once, and is decided anew.</summary>
    Gone,

    /// <summary>4xx, and an object that the record names may be gone since it was listed: it is looked for again.</summary>
    Outdated,

    /// <summary>The call certainly had no effect.</summary>
    NotApplied,

    /// <summary>The call left and no usable answer came: it may have taken effect, or may still do so.</summary>
    Unanswered,
}

/// <summary>What the decision depends on beside state and answer.</summary>
/// <param name="RefusalTellsNothing">A refused call does not tell whether an earlier one took effect: a verification, or an endpoint that ends what it finds.</param>
/// <param name="GiveUpAfter">How long a record may fail.</param>
/// <param name="LastDeliveredAt">When the destination last delivered a record; null: never.</param>
internal sealed record Circumstances(Repeat Repeat, bool RefusalTellsNothing, bool IsBatch, TimeSpan GiveUpAfter, DateTimeOffset? LastDeliveredAt);

/// <summary>What to do with a record after an answer. Pure; <see cref="Of"/> is a table.</summary>
internal abstract record Decision
{
    /// <summary>A call that was given up may still take effect within this time.</summary>
    public static readonly TimeSpan TakesEffectWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] Delays = [.. new[] { 15, 30, 60, 120, 300, 600 }.Select(seconds => TimeSpan.FromSeconds(seconds))];
    private static readonly TimeSpan BehindFront = TimeSpan.FromSeconds(1), BehindAtLeast = TimeSpan.FromSeconds(5);

    internal sealed record Deliver : Decision;

    /// <summary>The record stays as it is, and the key is suspended.</summary>
    internal sealed record Suspend : Decision;

    /// <summary>A refused batch had no effect: each half is sent by itself, in order.</summary>
    internal sealed record Halve : Decision;

    internal sealed record Postpone(RecordState State) : Decision;

    /// <param name="Outcome">Rejected, failed or unknown.</param>
    internal sealed record Quarantine(Outcome Outcome) : Decision;

    /// <param name="jitter">0 to 1.</param>
    public static Decision Of(RecordState state, Answer answer, Circumstances when, DateTimeOffset now, double jitter) => answer switch
    {
        Answer.Delivered => new Deliver(),
        Answer.KeyRefused => new Suspend(),
        Answer.Gone => new Postpone(state with { Stage = Stage.Postponed, Attempt = state.Attempt + 1, MayHaveArrived = false, FirstSentAt = null, HashOfKey = null, LastSentAt = null, Due = now }),
        Answer.Rejected or Answer.NoRight when when.IsBatch => new Halve(),
        Answer.Rejected or Answer.NoRight when when.RefusalTellsNothing && state.MayHaveArrived => new Quarantine(Outcome.Unknown),
        Answer.Rejected => new Quarantine(Outcome.Rejected),
        Answer.Outdated => new Postpone(state with { Stage = Stage.Postponed, Attempt = state.Attempt + 1, LastSentAt = state.MayHaveArrived ? now : null, Due = now + BehindFront }),
        Answer.NoRight => new Quarantine(Outcome.Failed),
        Answer.Unanswered when when.Repeat == Repeat.Neither => new Quarantine(Outcome.Unknown),
        _ => Retry(state with { MayHaveArrived = state.MayHaveArrived || answer == Answer.Unanswered }, when, now, jitter),
    };

    /// <summary>The record waits behind one that was postponed before it, without a call.</summary>
    /// <param name="front">The postponed record that comes first for the target.</param>
    public static RecordState Behind(RecordState state, RecordState front, DateTimeOffset now)
    {
        var (behind, soonest) = ((front.Due ?? now) + BehindFront, now + BehindAtLeast);
        return state with { Stage = Stage.Postponed, Attempt = state.Attempt + 1, Due = behind > soonest ? behind : soonest };
    }

    private static Decision Retry(RecordState state, Circumstances when, DateTimeOffset now, double jitter)
    {
        var first = state.FirstFailedAt ?? now;
        // While nothing is delivered, the API or the host is down, and no record is at fault.
        if (now - first >= when.GiveUpAfter && when.LastDeliveredAt > first) return new Quarantine(state.MayHaveArrived ? Outcome.Unknown : Outcome.Failed);
        var delay = Delays[Math.Min(state.Failures, Delays.Length - 1)];
        return new Postpone(state with
        {
            Stage = Stage.Postponed,
            Attempt = state.Attempt + 1,
            Failures = state.Failures + 1,
            FirstFailedAt = first,
            LastSentAt = state.MayHaveArrived ? now : null,
            Due = now + (delay * (1 + (0.2 * jitter))),
        });
    }
}
