using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Delivery;

/// <summary>The result of the calls for a record. A 429 is not a result: calls with the key pause, and the call is repeated.</summary>
internal enum AnswerKind
{
    /// <summary>The API answered 2xx, verification found the object, or the object of a delete did not exist any more.</summary>
    Delivered,

    /// <summary>The API answered 4xx: it does not accept the record in its current form.</summary>
    Rejected,

    /// <summary>The API answered 401 or 403, but accepts the key elsewhere: the key has no permission for this call.</summary>
    NoRight,

    /// <summary>The API answered 401 or 403, and does not accept the key for any call.</summary>
    KeyRefused,

    /// <summary>The object of the record's key was deleted in Clockify. The record is postponed without delay, and a new decision is made.</summary>
    Gone,

    /// <summary>The API answered 4xx, and an object that the record names may have been deleted since it was listed. The object is looked up again.</summary>
    Outdated,

    /// <summary>The call certainly had no effect.</summary>
    NotApplied,

    /// <summary>The request was sent, but no usable answer was read: the call may have taken effect, or may still take effect.</summary>
    Unanswered,
}

/// <summary>The inputs of a decision other than the state and the answer.</summary>
/// <param name="RefusalTellsNothing">
/// A refused call does not tell whether an earlier call took effect. This applies to verifications, and to endpoints that end the object that they find.
/// </param>
/// <param name="GiveUpAfter">The time for which a failing record is tried again.</param>
/// <param name="LastDeliveredAt">When the destination last delivered a record; null if never.</param>
internal sealed record Circumstances(Repeat Repeat, bool RefusalTellsNothing, bool IsBatch, TimeSpan GiveUpAfter, DateTimeOffset? LastDeliveredAt);

/// <summary>The next step for a record after an answer. <see cref="Of"/> is a pure function.</summary>
internal abstract record Decision
{
    /// <summary>The time within which an abandoned call may still take effect.</summary>
    public static readonly TimeSpan TakesEffectWithin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan[] Delays = [.. new[] { 15, 30, 60, 120, 300, 600 }.Select(seconds => TimeSpan.FromSeconds(seconds))];
    private static readonly TimeSpan BehindFront = TimeSpan.FromSeconds(1), BehindAtLeast = TimeSpan.FromSeconds(5);

    internal sealed record Deliver : Decision;

    /// <summary>The state of the record does not change, and the key is suspended.</summary>
    internal sealed record Suspend : Decision;

    /// <summary>A refused batch had no effect. Each half is sent separately, in order.</summary>
    internal sealed record Halve : Decision;

    internal sealed record Postpone(RecordState State) : Decision;

    /// <param name="Outcome">Rejected, failed or unknown.</param>
    internal sealed record Quarantine(Outcome Outcome) : Decision;

    /// <param name="jitter">0 to 1.</param>
    public static Decision Of(RecordState state, AnswerKind answer, Circumstances when, DateTimeOffset now, double jitter) => answer switch
    {
        AnswerKind.Delivered => new Deliver(),
        AnswerKind.KeyRefused => new Suspend(),
        AnswerKind.Gone => new Postpone(state with { Stage = Stage.Postponed, Attempt = state.Attempt + 1, MayHaveArrived = false, FirstSentAt = null, HashOfKey = null, LastSentAt = null, Due = now }),
        AnswerKind.Rejected or AnswerKind.NoRight when when.IsBatch => new Halve(),
        AnswerKind.Rejected or AnswerKind.NoRight when when.RefusalTellsNothing && state.MayHaveArrived => new Quarantine(Outcome.Unknown),
        AnswerKind.Rejected => new Quarantine(Outcome.Rejected),
        AnswerKind.Outdated => new Postpone(state with { Stage = Stage.Postponed, Attempt = state.Attempt + 1, LastSentAt = state.MayHaveArrived ? now : null, Due = now + BehindFront }),
        AnswerKind.NoRight => new Quarantine(Outcome.Failed),
        AnswerKind.Unanswered when when.Repeat == Repeat.Neither => new Quarantine(Outcome.Unknown),
        _ => Retry(state with { MayHaveArrived = state.MayHaveArrived || answer == AnswerKind.Unanswered }, when, now, jitter),
    };

    /// <summary>Postpones a record without a call, because an earlier record of its target is postponed.</summary>
    /// <param name="front">The first postponed record of the target.</param>
    public static RecordState Behind(RecordState state, RecordState front, DateTimeOffset now)
    {
        var (behind, soonest) = ((front.Due ?? now) + BehindFront, now + BehindAtLeast);
        return state with { Stage = Stage.Postponed, Attempt = state.Attempt + 1, Due = behind > soonest ? behind : soonest };
    }

    private static Decision Retry(RecordState state, Circumstances when, DateTimeOffset now, double jitter)
    {
        var first = state.FirstFailedAt ?? now;
        // If the destination delivers no record at all, the API or the host is down, and the record is not the cause.
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
