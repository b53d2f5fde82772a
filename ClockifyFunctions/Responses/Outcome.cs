namespace ClockifyFunctions.Responses;

/// <summary>What one call means for its record.</summary>
internal enum Outcome
{
    /// <summary>The API took it.</summary>
    Delivered,

    /// <summary>The API will never take it as it stands: quarantine.</summary>
    Rejected,

    /// <summary>429: not an attempt. The key pauses, the record keeps its turn.</summary>
    Throttled,

    /// <summary>Certainly not applied, and may work later: the record waits.</summary>
    Failed,

    /// <summary>Sent, and nobody knows whether it was applied.</summary>
    Unknown,
}
