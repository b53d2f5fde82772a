using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>The stages of a record. A record without a journal line is waiting.</summary>
internal enum Stage : byte
{
    /// <summary>No call is under way. Written after <see cref="Started"/> when the drain ended before the call left.</summary>
    Waiting,

    /// <summary>A call may have left. If no later line follows, the process crashed.</summary>
    Started,

    /// <summary>Tried and not decided, or behind another postponed record. A copy of the record comes back as a scheduled message.</summary>
    Postponed,

    /// <summary>The record took effect.</summary>
    Delivered,

    /// <summary>A person decides.</summary>
    Quarantined,
}

/// <summary>Everything that a journal line says about a record.</summary>
/// <param name="Attempt">How often the record has been postponed.</param>
/// <param name="MayHaveArrived">An earlier call may have taken effect.</param>
internal sealed record RecordState(Stage Stage, int Attempt = 0, bool MayHaveArrived = false)
{
    public static readonly RecordState New = new(Stage.Waiting);

    public bool IsFinished => Stage is Stage.Delivered or Stage.Quarantined;

    /// <summary>Calls that failed so far.</summary>
    public int Failures { get; init; }

    public DateTimeOffset? FirstFailedAt { get; init; }

    /// <summary>When the first call left that may have arrived.</summary>
    public DateTimeOffset? FirstSentAt { get; init; }

    /// <summary>For <see cref="Stage.Started"/>: when the line was written. Otherwise: the latest time at which a call that may have arrived was under way.</summary>
    public DateTimeOffset? LastSentAt { get; init; }

    /// <summary>A hash of the natural key that a create was started with: <see cref="NaturalKey"/>.</summary>
    public ulong? HashOfKey { get; init; }

    /// <summary>Postponed: when the copy is due.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>Postponed: where the record ended in the backlog when it was read first. Records of one target keep this order.</summary>
    public LogPosition? Sequence { get; init; }

    /// <summary>Postponed: the target of the record's call; null if it has none.</summary>
    public ulong? Target { get; init; }

    /// <summary>Postponed: a SHA-256 digest of the record's body, by which a forged copy is recognized.</summary>
    public string? Digest { get; init; }
}
