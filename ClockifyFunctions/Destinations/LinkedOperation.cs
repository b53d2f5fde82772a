using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>An operation of a destination that synchronizes. The link of a record gives the id of the object.</summary>
/// <param name="Parent">The input that the link also gives; null if the record gives all inputs.</param>
/// <param name="Body">A fixed body; null if the body is rendered from the record.</param>
internal sealed record LinkedOperation(string? Parent = null, JsonElement? Body = null);
