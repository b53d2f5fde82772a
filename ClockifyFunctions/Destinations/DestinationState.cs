using System.Text.Json.Serialization;

namespace ClockifyFunctions.Destinations;

/// <summary>The state of a destination. Records are accepted in both states, but only an active destination sends them.</summary>
public enum DestinationState
{
    [JsonStringEnumMemberName("paused")]
    Paused,

    [JsonStringEnumMemberName("active")]
    Active,
}
