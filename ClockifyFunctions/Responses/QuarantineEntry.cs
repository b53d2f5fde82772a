using System.Text.Json;

namespace ClockifyFunctions.Responses;

/// <summary>A record, or a whole message, that cannot go on, and why.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Kind"><c>unreadable</c>, <c>unrouted</c>, <c>damaged</c>, <c>invalid</c> (no call was made), <c>rejected</c>, <c>failed</c> or <c>unknown</c>.</param>
/// <param name="Reason">What is wrong, and the remedy.</param>
/// <param name="Record">The record where it is JSON.</param>
/// <param name="Raw">The message's bytes where it is not.</param>
/// <param name="Call">The last request, without the key, and the response to it.</param>
internal sealed record QuarantineEntry(
    string Id, string? MessageId, string? Destination, DateTimeOffset At, string Kind, string Reason,
    JsonElement? Record = null, byte[]? Raw = null, ResponseEvent.Call? Call = null);
