using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>The data from which the values of macros and fields are calculated.</summary>
/// <param name="Now">The time of rendering. It is a parameter so that rendering is a pure function.</param>
/// <param name="Zone">The time zone of the destination or of the record's user. Null if the destination has none, or if the user's zone is not known.</param>
/// <param name="Resolved">The resolved references of the record.</param>
internal readonly record struct RenderContext(JsonElement Record, DateTimeOffset Now, TimeZoneInfo? Zone, Resolved Resolved)
{
    /// <summary>Whether the destination uses the time zone of the record's user.</summary>
    public bool UsesUserZone { get; init; }

    /// <summary>The mapped and converted record, for a body template. Macros look up an attribute here before they look in the record.</summary>
    public JsonElement? Payload { get; init; }
}
