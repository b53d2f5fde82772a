using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Quarantine;

/// <summary>A record, or a whole message, that cannot go on, and why.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Kind">
/// <c>unreadable</c>, <c>unrouted</c>, <c>damaged</c>, <c>invalid</c> (no call was made), <c>rejected</c>, <c>failed</c> or <c>unknown</c>;
/// or, closing the entries before it, <see cref="Replayed"/> or <see cref="Discarded"/>.
/// </param>
/// <param name="Reason">What is wrong, and the remedy.</param>
/// <param name="Record">The record where it is JSON.</param>
/// <param name="Raw">The message's bytes where it is not.</param>
/// <param name="RawBlob">Where those bytes are when they are too many: a blob of the container <c>quarantine</c>.</param>
/// <param name="Call">The last request, without the key, and the response to it.</param>
/// <param name="Replay">How often the record had come back from here; null: never.</param>
/// <param name="History">Why it was here before, oldest first. In listings, and in an entry that was copied when others were erased.</param>
internal sealed record QuarantineEntry(
    string Id, string? MessageId, string? Destination, DateTimeOffset At, string Kind, string Reason,
    JsonElement? Record = null, byte[]? Raw = null, string? RawBlob = null, ResponseEvent.Call? Call = null,
    int? Replay = null, IReadOnlyList<QuarantineEntry.Earlier>? History = null)
{
    /// <summary>The run that the record belongs to; null: none.</summary>
    public string? Run { get; init; }

    /// <summary>What the record asks for; null: a write.</summary>
    public RecordOperation? Operation { get; init; }

    public const string Replayed = "replayed", Discarded = "discarded";

    /// <summary>Whether a person has dealt with the entries of this id so far.</summary>
    public bool Closes() => Kind is Replayed or Discarded;

    /// <summary>An earlier stay in the quarantine.</summary>
    internal sealed record Earlier(DateTimeOffset At, string Kind, string Reason);
}
