namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>The faults of storage requests.</summary>
public enum StorageFault
{
    None,

    /// <summary>The connection is refused, and nothing is applied.</summary>
    Refused,

    /// <summary>Nothing is applied, and no response is sent. The client cancels after its network timeout.</summary>
    Hangs,

    /// <summary>The request is applied, and its response is lost.</summary>
    LostAnswer,
}
