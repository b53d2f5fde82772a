using System.Text.Json.Serialization;

namespace ClockifyFunctions.Sync;

/// <summary>The state of a run.</summary>
internal enum RunState
{
    /// <summary>Records are arriving.</summary>
    Open,

    /// <summary>Objects that the run does not name are archived, or records that archive them are in the backlog.</summary>
    Done,

    /// <summary>More objects would vanish than the limits permit. A person has to approve the exact number.</summary>
    Blocked,

    /// <summary>Fewer records arrived than declared. Nothing vanishes.</summary>
    Incomplete,

    /// <summary>The run has no records. Nothing vanishes.</summary>
    Empty,
}

/// <summary>A line of the log of a run. An absent member is unchanged.</summary>
/// <param name="Named">For each record, 16 bytes of the hash of its key and 8 of its id.</param>
/// <param name="Records">The declared number of records.</param>
/// <param name="Vanished">The number of objects that vanish or would vanish.</param>
internal sealed record RunLine(
    [property: JsonPropertyName("n")] byte[]? Named = null,
    [property: JsonPropertyName("records")] int? Records = null,
    [property: JsonPropertyName("state")] RunState? State = null,
    [property: JsonPropertyName("vanished")] int? Vanished = null,
    [property: JsonPropertyName("at")] DateTimeOffset? At = null);
