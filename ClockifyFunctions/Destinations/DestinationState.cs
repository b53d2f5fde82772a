using System.Text.Json.Serialization;

namespace ClockifyFunctions.Destinations;

/// <summary>Records arrive in either state; only an active destination sends them.</summary>
public enum DestinationState
{
    [JsonStringEnumMemberName("paused")]
    Paused,

    [JsonStringEnumMemberName("active")]
    Active,
}
