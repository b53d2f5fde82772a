using System.Text;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Messaging;

/// <summary>What the app reads of a received message.</summary>
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

    /// <summary>An application property that is a text; null if it is missing or anything else.</summary>
    public static string? Property(this ServiceBusReceivedMessage message, string name) => message.ApplicationProperties.TryGetValue(name, out var value) ? value as string : null;

    /// <summary>The trace of the message's producer; null if it sent none.</summary>
    public static TraceContext? Trace(this ServiceBusReceivedMessage message) =>
        TraceContext.From(message.Property(TraceContext.ParentName) ?? message.Property(TraceContext.DiagnosticId), message.Property(TraceContext.StateName));
}
