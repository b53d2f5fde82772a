using Azure;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>One destination's backlog as a listing shows it.</summary>
/// <param name="MovedAt">When the cursor was last written, to the second.</param>
/// <param name="WaitingBytes">Bytes behind the cursor; zero means that nothing waits.</param>
/// <param name="End">Where the log ends.</param>
/// <param name="CursorTag">The version of the cursor's blob; null if there is none as yet.</param>
internal sealed record BacklogSummary(string Credential, string Destination, Cursor Cursor, ETag? CursorTag, DateTimeOffset? MovedAt, long WaitingBytes, LogPosition End);
