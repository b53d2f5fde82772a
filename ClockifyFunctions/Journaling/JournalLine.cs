using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>A line of a destination's journal. The last line about a record counts.</summary>
/// <param name="Id">The record's key.</param>
/// <param name="Place">Where the line ends in the backlog that the record was read from.</param>
/// <param name="EntityId">Delivered: the id that Clockify gave to the object that the record made.</param>
/// <param name="Event">Finished: the response event, unless the broker had it before the line was written.</param>
internal sealed record JournalLine(string Id, LogPosition Place, RecordState State, string? EntityId = null, RawJson? Event = null);

/// <summary>What a journal says about a record.</summary>
/// <param name="Place">Of the backlog line that it speaks of.</param>
/// <param name="IsPending">The broker may lack the message that belongs to the state: the response event, or the copy of a postponed record.</param>
/// <param name="Event">The response event, if it is pending.</param>
internal sealed record JournalEntry(RecordState State, LogPosition Place, bool IsPending, RawJson? Event);
