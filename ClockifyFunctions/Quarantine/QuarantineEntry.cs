using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Quarantine;

/// <summary>A record or message that cannot be delivered, with the reason.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Kind">
/// <c>unreadable</c>, <c>unrouted</c>, <c>damaged</c>, <c>invalid</c> (no call was made), <c>rejected</c>, <c>failed</c> or <c>unknown</c>;
/// for a name that stands for no object <c>ambiguous</c>, <c>unresolved</c>, <c>archived</c>, <c>wrong parent</c> or <c>hidden</c>;
/// for the end of a run <c>incomplete</c> or <c>empty</c>;
/// or one of the kinds that close the earlier entries: <see cref="Replayed"/> or <see cref="Discarded"/>.
/// </param>
/// <param name="Reason">The problem and the remedy.</param>
/// <param name="Record">The record, if it is JSON.</param>
/// <param name="Raw">The bytes that the app did not read as a record: those of an unreadable or unrouted message, or of a damaged backlog line.</param>
/// <param name="RawBlob">The blob in the container <c>quarantine</c> with these bytes, if they are too large for an entry.</param>
/// <param name="Call">The last request, without the key, and the response to it.</param>
/// <param name="Replay">How often the record was replayed before; null: never.</param>
/// <param name="History">The earlier reasons, oldest first. Present in listings and in entries that were copied during an erasure.</param>
internal sealed record QuarantineEntry(
    string Id, string? MessageId, string? Destination, DateTimeOffset At, string Kind, string Reason,
    JsonElement? Record = null, byte[]? Raw = null, string? RawBlob = null, ResponseEvent.Call? Call = null,
    int? Replay = null, IReadOnlyList<QuarantineEntry.Earlier>? History = null)
{
    /// <summary>The run of the record; null if it belongs to none.</summary>
    public string? Run { get; init; }

    /// <summary>The operation of the record; null means a write.</summary>
    public RecordOperation? Operation { get; init; }

    public const string Replayed = "replayed", Discarded = "discarded";

    /// <summary>Whether this line closes the earlier entries of the same id.</summary>
    public bool Closes() => Kind is Replayed or Discarded;

    /// <summary>An earlier stay in the quarantine.</summary>
    internal sealed record Earlier(DateTimeOffset At, string Kind, string Reason);
}
