namespace ClockifyFunctions.Destinations;

/// <summary>The operation of a record. Destinations without <c>sync</c> accept only <see cref="Write"/>.</summary>
internal enum RecordOperation
{
    /// <summary>Make the object equal to the record.</summary>
    Write,

    /// <summary>Like <see cref="Write"/>, and compare the object with the record even if the record has not changed.</summary>
    Repair,

    /// <summary>A tombstone: archive or delete the object of the key.</summary>
    Delete,

    /// <summary>All records of a run have been sent: <c>{"records": 11415}</c>.</summary>
    Complete,

    /// <summary>A person approves what vanishes in a run: <c>{"vanished": 1234}</c>.</summary>
    Approve,

    /// <summary>Written by this app only: a complete run does not name the key, <c>{"key": "…"}</c>.</summary>
    Vanish,
}
