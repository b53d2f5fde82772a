using System.Text.Json;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Hosting;

/// <summary>A Service Bus message as a function sees it.</summary>
/// <param name="ApplicationProperties">A JSON object, or null.</param>
internal sealed record QueueMessage(
    ReadOnlyMemory<byte> Body, string? MessageId, long SequenceNumber, DateTimeOffset EnqueuedAt, string? SessionId, JsonElement? ApplicationProperties)
{
    /// <summary>Where its producer traces it; null where it does not.</summary>
    public TraceContext? Trace => TraceContext.From(Property(TraceContext.ParentName) ?? Property(TraceContext.DiagnosticId), Property(TraceContext.StateName));

    public string? Property(string name) =>
        ApplicationProperties is { ValueKind: JsonValueKind.Object } properties && properties.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
