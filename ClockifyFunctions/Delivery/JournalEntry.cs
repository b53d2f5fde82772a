using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>A line of a destination's journal. The latest line about a record holds.</summary>
/// <param name="Id">The record's <see cref="Backlog.BacklogRecord.Key"/>.</param>
/// <param name="Place">Where the record ends in the backlog: tells the record itself from a second copy of it.</param>
/// <param name="EntityId">The id Clockify gave to what the record made.</param>
/// <param name="Event">For an outcome: the response event as it goes to the queue, if the broker has not taken it yet, so that it can be emitted after a crash.</param>
/// <param name="IntendedAt">For an intent whose arrival can be read back: Unix time in seconds.</param>
/// <param name="HashOfKey">And of what it would be found by: <see cref="NaturalKey.HashOf"/>.</param>
internal sealed record JournalEntry(string Id, JournalKind Kind, LogPosition Place, string? EntityId = null, RawJson? Event = null, long? IntendedAt = null, ulong? HashOfKey = null);

/// <summary>What a journal said last of a record.</summary>
/// <param name="Event">The response event, while it is owed.</param>
/// <param name="Intended">For intents without a later word, in Unix seconds: when there was the first one and the last one, and what the last one would have made.</param>
internal sealed record LatestWord(string Id, JournalKind Kind, LogPosition Place, RawJson? Event, (long First, long Last, ulong? HashOfKey)? Intended);

/// <summary>What a journal line says of its record. After a crash exactly one holds of each record.</summary>
internal enum JournalKind : byte
{
    /// <summary>A call may have left. With no later line: nobody knows.</summary>
    Intent,

    /// <summary>Certainly not applied: as if never sent.</summary>
    Released,

    /// <summary>Done.</summary>
    Delivered,

    /// <summary>In quarantine.</summary>
    Quarantined,
}
