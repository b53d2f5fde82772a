using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>What the value of a macro can depend on.</summary>
/// <param name="Now">When the request is rendered; a parameter, so that rendering stays pure.</param>
/// <param name="Zone">The destination's time zone; UTC if it names none.</param>
/// <param name="Resolved">What was found for the names in the record.</param>
internal readonly record struct RenderContext(JsonElement Record, DateTimeOffset Now, TimeZoneInfo Zone, Resolved Resolved);
