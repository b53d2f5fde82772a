namespace ClockifyFunctions.Responses;

/// <summary>What one response means for its record.</summary>
internal enum Outcome
{
    /// <summary>The API accepted the call.</summary>
    Delivered,

    /// <summary>The API refuses the call, and a repeat would fail too. The record is quarantined.</summary>
    Rejected,

    /// <summary>Status 429. It does not count as a try: the credential pauses, and the record keeps its place.</summary>
    Throttled,

    /// <summary>The call had no effect, and a later attempt may succeed. The record waits.</summary>
    Failed,

    /// <summary>The call was sent, and it is not known whether it took effect.</summary>
    Unknown,
}
