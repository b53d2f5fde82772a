using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>What the value of a macro or of a field can depend on.</summary>
/// <param name="Now">When the request is rendered; a parameter, so that rendering stays pure.</param>
/// <param name="Zone">The destination's time zone, or that of the record's user. Null: the destination names none, or the user's is not known.</param>
/// <param name="Resolved">What was found for the names in the record.</param>
/// <param name="UsesUserZone">Whether the destination asks for the zone of the record's user.</param>
internal readonly record struct RenderContext(JsonElement Record, DateTimeOffset Now, TimeZoneInfo? Zone, Resolved Resolved, bool UsesUserZone = false)
{
    /// <summary>For a body template: the record as it is mapped and converted. Its macros look here first.</summary>
    public JsonElement? Payload { get; init; }
}
