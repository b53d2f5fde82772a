using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>What a record may do to the object of its key.</summary>
internal enum SyncMode
{
    Upsert,

    /// <summary>Create only.</summary>
    Insert,

    /// <summary>Change only.</summary>
    Update,

    /// <summary>Upsert; and what a complete run does not name vanishes.</summary>
    Mirror,
}

/// <summary>What happens with an object that has no link and matches a new record.</summary>
internal enum Adopt
{
    /// <summary>Taken over if it is the only one.</summary>
    Unique,

    Never,

    /// <summary>Taken over only if it carries the record's key.</summary>
    Marker,
}

/// <summary>What an update does with fields that the record does not give.</summary>
internal enum ChangedFields
{
    /// <summary>They are read and kept.</summary>
    Mapped,

    /// <summary>Clockify clears them.</summary>
    Whole,
}

/// <summary>What happens with an object that a complete run does not name.</summary>
internal enum Vanished
{
    Archive,
    Keep,
    Delete,
}

/// <summary>What happens with a record whose object was deleted in Clockify.</summary>
internal enum WhenLinkIsGone
{
    Recreate,
    Reject,

    /// <summary>The key is left alone from then on.</summary>
    Forget,
}

/// <summary>What happens with a key that a run names again with other content.</summary>
internal enum OnDoubleKey
{
    Reject,
    Last,
}

/// <summary>What happens with an object that was changed in Clockify.</summary>
internal enum Drift
{
    Ignore,
    Report,
    Repair,
}

/// <summary>Where an object carries its external key.</summary>
/// <param name="Field">Of the body and of the object.</param>
/// <param name="CustomField">Name of the custom field, where <paramref name="Field"/> lists custom fields.</param>
internal sealed record Marker(string Field, string? CustomField);

/// <summary>How records of a destination are linked to objects by a key.</summary>
/// <param name="Key">The external key of a record.</param>
/// <param name="ConfigHash">A hash of everything in the config that decides what a record is rendered to. If it changes, all records are sent again.</param>
internal sealed record LinkRules(Template Key, UInt128 ConfigHash)
{
    /// <summary>Attributes that do not count when two records are compared.</summary>
    public IReadOnlySet<string> Ignored { get; init; } = new HashSet<string>();

    /// <summary>For <c>dedupeBy</c>: how long a value counts. Null: the destination synchronizes.</summary>
    public TimeSpan? DedupeFor { get; init; }

    /// <summary>Null for <c>dedupeBy</c>.</summary>
    public SyncRules? Sync { get; init; }
}

/// <summary>A destination that synchronizes objects of one kind. Its own endpoint creates them; the others are here.</summary>
internal sealed record SyncRules(SyncObject Object)
{
    public SyncMode Mode { get; init; }

    public Adopt Adopt { get; init; }

    /// <summary>For tombstones too: with <see cref="Vanished.Keep"/> they do what the object permits.</summary>
    public Vanished Vanished { get; init; }

    /// <summary>How long an object stays archived before it is deleted; null: for ever.</summary>
    public TimeSpan? DeleteAfter { get; init; }

    public required VanishLimits Limits { get; init; }

    public Marker? Marker { get; init; }

    public WhenLinkIsGone Gone { get; init; }

    public OnDoubleKey OnDoubleKey { get; init; }

    /// <summary>An object linked for less than this does not vanish.</summary>
    public TimeSpan Grace { get; init; }

    public Drift Drift { get; init; }

    /// <summary>Null: Clockify cannot change these objects.</summary>
    public Destination? Update { get; init; }

    public Destination? Archive { get; init; }

    /// <summary>Null also where <see cref="Update"/> brings an object back in the same call.</summary>
    public Destination? Restore { get; init; }

    public Destination? Delete { get; init; }
}
