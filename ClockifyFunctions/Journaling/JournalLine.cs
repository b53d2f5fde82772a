using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>A line in the journal of a destination. The last line of a record is the valid one.</summary>
/// <param name="Id">The record's key.</param>
/// <param name="Place">The end of the backlog line that the record was read from.</param>
/// <param name="EntityId">The Clockify id in the response to a delivered record or to a creation; null if there is none.</param>
/// <param name="Event">For a finished record: the response event. Null if the broker accepted the event before the line was written.</param>
internal sealed record JournalLine(string Id, LogPosition Place, RecordState State, string? EntityId = null, RawJson? Event = null);

/// <summary>The state of a record according to the journal.</summary>
/// <param name="Place">The end of the backlog line that the entry refers to.</param>
/// <param name="IsPending">Whether the broker may not have accepted the message of this state: the response event, or the copy of a postponed record.</param>
/// <param name="Event">The response event, if it is pending.</param>
internal sealed record JournalEntry(RecordState State, LogPosition Place, bool IsPending, RawJson? Event);
