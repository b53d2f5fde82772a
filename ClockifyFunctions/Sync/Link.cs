namespace ClockifyFunctions.Sync;

/// <summary>The state of the object of a key.</summary>
internal enum LinkState : byte
{
    /// <summary>There is no link.</summary>
    None,

    Active,

    /// <summary>This destination archived it.</summary>
    Archived,

    /// <summary>It was deleted in Clockify.</summary>
    Gone,
}

/// <summary>The object of an external key.</summary>
/// <param name="Parent">The object that contains it, for example the project of a task; none for most kinds.</param>
/// <param name="Hash">The hash of the record that was delivered last; 0 if not known.</param>
/// <param name="At">When it was linked, archived or found to be gone, to the minute.</param>
internal readonly record struct Link(LinkState State, ObjectId Id, ObjectId Parent, UInt128 Hash, DateTimeOffset At)
{
    public bool IsActive => State == LinkState.Active;
}
