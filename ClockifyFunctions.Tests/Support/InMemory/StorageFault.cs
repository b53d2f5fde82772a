namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>What goes wrong with requests to storage.</summary>
public enum StorageFault
{
    None,

    /// <summary>The connection is refused: nothing is applied.</summary>
    Refused,

    /// <summary>Nothing is applied, and no answer comes: the client gives up after its network time-out.</summary>
    Hangs,

    /// <summary>The request is applied, and its answer is lost.</summary>
    LostAnswer,
}
