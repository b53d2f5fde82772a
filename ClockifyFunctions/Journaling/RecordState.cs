using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>The stages of a record. A record without a journal line is waiting.</summary>
internal enum Stage : byte
{
    /// <summary>No call is in progress. Written after <see cref="Started"/> if the drain ended before it sent the call.</summary>
    Waiting,

    /// <summary>A call may have been sent. If no later line follows, the process crashed.</summary>
    Started,

    /// <summary>The record has no outcome yet, or waits behind another postponed record. A scheduled message returns a copy of it.</summary>
    Postponed,

    /// <summary>The record took effect.</summary>
    Delivered,

    /// <summary>The record is in the quarantine, where a person decides.</summary>
    Quarantined,
}

/// <summary>The state of a record in a journal line.</summary>
/// <param name="Attempt">How often the record has been postponed.</param>
/// <param name="MayHaveArrived">An earlier call may have taken effect.</param>
internal sealed record RecordState(Stage Stage, int Attempt = 0, bool MayHaveArrived = false)
{
    public static readonly RecordState New = new(Stage.Waiting);

    public bool IsFinished => Stage is Stage.Delivered or Stage.Quarantined;

    /// <summary>Number of failed calls so far.</summary>
    public int Failures { get; init; }

    public DateTimeOffset? FirstFailedAt { get; init; }

    /// <summary>Time of the first call that may have taken effect.</summary>
    public DateTimeOffset? FirstSentAt { get; init; }

    /// <summary>For <see cref="Stage.Started"/>: the time at which the line was written. Otherwise: the last time at which a call that may have taken effect was in progress.</summary>
    public DateTimeOffset? LastSentAt { get; init; }

    /// <summary>A hash of the natural key with which a create was started: <see cref="NaturalKey"/>.</summary>
    public ulong? HashOfKey { get; init; }

    /// <summary>For a postponed record: the time at which the copy is due.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>For a postponed record: the end of its first line in the backlog. Records of one target keep this order.</summary>
    public LogPosition? Sequence { get; init; }

    /// <summary>For a postponed record: the target of its call; null if it has none.</summary>
    public ulong? Target { get; init; }

    /// <summary>For a postponed record: a SHA-256 digest of its body. It identifies forged copies.</summary>
    public string? Digest { get; init; }
}
