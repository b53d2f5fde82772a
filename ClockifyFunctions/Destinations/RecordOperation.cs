namespace ClockifyFunctions.Destinations;

/// <summary>What a record asks for. Only destinations that synchronize take anything but <see cref="Write"/>.</summary>
internal enum RecordOperation
{
    /// <summary>The object is to be as the record says.</summary>
    Write,

    /// <summary>As <see cref="Write"/>, and the object is compared with the record although the record has not changed.</summary>
    Repair,

    /// <summary>A tombstone: the object of the record's key is to be archived or deleted.</summary>
    Delete,

    /// <summary>All records of a run have been sent: <c>{"records": 11415}</c>.</summary>
    Complete,

    /// <summary>A person approves what vanishes in a run: <c>{"vanished": 1234}</c>.</summary>
    Approve,

    /// <summary>Written by this app only: a complete run does not name the key, <c>{"key": "…"}</c>.</summary>
    Vanish,
}
