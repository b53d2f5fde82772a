using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The changes that a record may make to the object of its key.</summary>
internal enum SyncMode
{
    Upsert,

    /// <summary>Create only.</summary>
    Insert,

    /// <summary>Update only.</summary>
    Update,

    /// <summary>Upsert, and objects that a complete run does not name vanish.</summary>
    Mirror,
}

/// <summary>The treatment of an object without a link that matches a new record.</summary>
internal enum Adopt
{
    /// <summary>It is adopted if it is the only one.</summary>
    Unique,

    Never,

    /// <summary>It is adopted only if its marker contains the key of the record.</summary>
    Marker,
}

/// <summary>The treatment of fields that the record does not give.</summary>
internal enum ChangedFields
{
    /// <summary>They are read and kept.</summary>
    Mapped,

    /// <summary>Clockify clears them.</summary>
    Whole,
}

/// <summary>The treatment of an object that a complete run does not name.</summary>
internal enum Vanished
{
    Archive,
    Keep,
    Delete,
}

/// <summary>The treatment of a record whose object was deleted in Clockify.</summary>
internal enum WhenLinkIsGone
{
    Recreate,
    Reject,

    /// <summary>The record is ignored, now and later.</summary>
    Forget,
}

/// <summary>The treatment of a key that a run names again with other content.</summary>
internal enum OnDoubleKey
{
    Reject,
    Last,
}

/// <summary>The treatment of an object that was changed in Clockify.</summary>
internal enum Drift
{
    Ignore,
    Report,
    Repair,
}

/// <summary>The place of the external key in an object.</summary>
/// <param name="Field">The field of the body and of the object.</param>
/// <param name="CustomField">Name of the custom field, where <paramref name="Field"/> lists custom fields.</param>
internal sealed record Marker(string Field, string? CustomField);

/// <summary>How records of a destination are linked to objects by a key.</summary>
/// <param name="Key">The external key of a record.</param>
/// <param name="ConfigHash">A hash of the parts of the config that affect rendering. If it changes, all records are sent again.</param>
internal sealed record LinkRules(Template Key, UInt128 ConfigHash)
{
    /// <summary>Attributes that are ignored when two records are compared.</summary>
    public IReadOnlySet<string> Ignored { get; init; } = new HashSet<string>();

    /// <summary>For <c>dedupeBy</c>: the time for which a value is not sent again. Null for destinations with <c>sync</c>.</summary>
    public TimeSpan? DedupeFor { get; init; }

    /// <summary>Null for <c>dedupeBy</c>.</summary>
    public SyncRules? Sync { get; init; }
}

/// <summary>
/// The rules of a destination that synchronizes objects of one kind. The destination itself creates objects. Its other operations are members of this
/// record.
/// </summary>
internal sealed record SyncRules(SyncObject Object)
{
    public SyncMode Mode { get; init; }

    public Adopt Adopt { get; init; }

    /// <summary>It also applies to tombstones. With <see cref="Vanished.Keep"/>, a tombstone archives the object, or deletes it if it has no archive.</summary>
    public Vanished Vanished { get; init; }

    /// <summary>The time after which an archived object is deleted; null if it is not deleted.</summary>
    public TimeSpan? DeleteAfter { get; init; }

    public required VanishLimits Limits { get; init; }

    public Marker? Marker { get; init; }

    public WhenLinkIsGone Gone { get; init; }

    public OnDoubleKey OnDoubleKey { get; init; }

    /// <summary>An object that was linked more recently than this does not vanish.</summary>
    public TimeSpan Grace { get; init; }

    public Drift Drift { get; init; }

    /// <summary>Null if Clockify cannot change these objects.</summary>
    public Destination? Update { get; init; }

    public Destination? Archive { get; init; }

    /// <summary>Null if objects cannot be restored, or if <see cref="Update"/> restores them in the same call.</summary>
    public Destination? Restore { get; init; }

    public Destination? Delete { get; init; }
}
