using System.Text.Json;

namespace ClockifyFunctions.Hosting;

/// <summary>A Service Bus message as a function sees it.</summary>
/// <param name="ApplicationProperties">A JSON object, or null.</param>
internal sealed record QueueMessage(
    ReadOnlyMemory<byte> Body, string? MessageId, long SequenceNumber, DateTimeOffset EnqueuedAt, string? SessionId, JsonElement? ApplicationProperties)
{
    public string? Property(string name) =>
        ApplicationProperties is { ValueKind: JsonValueKind.Object } properties && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
