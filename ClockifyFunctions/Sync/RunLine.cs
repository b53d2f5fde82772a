using System.Text.Json.Serialization;

namespace ClockifyFunctions.Sync;

/// <summary>What became of a run.</summary>
internal enum RunState
{
    /// <summary>Records come in.</summary>
    Open,

    /// <summary>Everything that it does not name is on its way to the archive, or already there.</summary>
    Done,

    /// <summary>More would vanish than the limits permit: a person has to approve the exact number.</summary>
    Blocked,

    /// <summary>Fewer records came in than the run says it has. Nothing vanishes.</summary>
    Incomplete,

    /// <summary>The run has no records. Nothing vanishes.</summary>
    Empty,
}

/// <summary>A line of a run's log. A member that is left out does not change.</summary>
/// <param name="Named">For each record, 16 bytes of the hash of its key and 8 of its id.</param>
/// <param name="Records">How many records the run says it has.</param>
/// <param name="Vanished">How many objects vanish, or would.</param>
internal sealed record RunLine(
    [property: JsonPropertyName("n")] byte[]? Named = null,
    [property: JsonPropertyName("records")] int? Records = null,
    [property: JsonPropertyName("state")] RunState? State = null,
    [property: JsonPropertyName("vanished")] int? Vanished = null,
    [property: JsonPropertyName("at")] DateTimeOffset? At = null);
