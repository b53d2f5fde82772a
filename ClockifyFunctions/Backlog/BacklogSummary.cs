using Azure;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>The backlog of one destination, as a listing shows it.</summary>
/// <param name="MovedAt">Time of the last write of the cursor, in whole seconds.</param>
/// <param name="WaitingBytes">Bytes behind the cursor; zero means that nothing waits.</param>
/// <param name="End">The end of the log.</param>
/// <param name="CursorTag">The ETag of the cursor blob; null if the blob does not exist yet.</param>
internal sealed record BacklogSummary(string Credential, string Destination, Cursor Cursor, ETag? CursorTag, DateTimeOffset? MovedAt, long WaitingBytes, LogPosition End);
