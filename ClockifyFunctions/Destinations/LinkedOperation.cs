using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>One of the operations of a destination that synchronizes. The link of a record gives the id of the object.</summary>
/// <param name="Parent">Input that the link gives as well; null: the record gives all inputs.</param>
/// <param name="Body">What is sent, whatever the record says; null: the record decides.</param>
internal sealed record LinkedOperation(string? Parent = null, JsonElement? Body = null);
