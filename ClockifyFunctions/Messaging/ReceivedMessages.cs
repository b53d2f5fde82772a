using System.Text;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Messaging;

/// <summary>Reads parts of a received message.</summary>
internal static class ReceivedMessages
{
    /// <summary>The bytes of the body; null if it has none. Some AMQP clients send text as an AMQP value, for which <see cref="ServiceBusReceivedMessage.Body"/> throws.</summary>
    public static ReadOnlyMemory<byte>? Content(this ServiceBusReceivedMessage message)
    {
        var body = message.GetRawAmqpMessage().Body;
        if (body.BodyType == AmqpMessageBodyType.Data) return message.Body.ToMemory();
        if (!body.TryGetValue(out var value)) return null;
        return value switch
        {
            string text => Encoding.UTF8.GetBytes(text),
            byte[] bytes => bytes,
            _ => (ReadOnlyMemory<byte>?)null,
        };
    }

    /// <summary>An application property of type text; null if it is missing or has another type.</summary>
    public static string? Property(this ServiceBusReceivedMessage message, string name) => message.ApplicationProperties.TryGetValue(name, out var value) ? value as string : null;

    /// <summary>The trace context that the producer set; null if it set none.</summary>
    public static TraceContext? Trace(this ServiceBusReceivedMessage message) =>
        TraceContext.From(message.Property(TraceContext.ParentName) ?? message.Property(TraceContext.DiagnosticId), message.Property(TraceContext.StateName));
}
