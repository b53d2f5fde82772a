namespace ClockifyFunctions.Backlog;

/// <summary>One destination's backlog as a listing shows it.</summary>
/// <param name="WaitingBytes">Bytes behind the cursor; zero means that nothing waits.</param>
internal sealed record BacklogSummary(string Credential, string Destination, Cursor Cursor, long WaitingBytes);
