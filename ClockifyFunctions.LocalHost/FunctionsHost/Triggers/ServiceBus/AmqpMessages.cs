using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>Reads a delivered AMQP message in the same way as the Service Bus client.</summary>
internal static class AmqpMessages
{
    public static ReceivedMessage Read(Message message)
    {
        var properties = message.Properties;
        var enqueued = Time(message, "x-opt-enqueued-time") ?? DateTimeOffset.UnixEpoch;
        return new ReceivedMessage(
            LockToken(message), (int)DeliveryCount(message),
            Annotation(message, "x-opt-sequence-number") is { } number ? Convert.ToInt64(number, null) : 0,
            enqueued, Expiry(message, enqueued))
        {
            MessageId = properties?.GetMessageId()?.ToString(),
            CorrelationId = properties?.GetCorrelationId()?.ToString(),
            SessionId = properties?.GroupId,
            ContentType = properties?.ContentType?.ToString(),
            Subject = properties?.Subject,
            ReplyTo = properties?.ReplyTo,
            ReplyToSessionId = properties?.ReplyToGroupId,
            To = properties?.To,
            PartitionKey = Annotation(message, "x-opt-partition-key")?.ToString(),
            TransactionPartitionKey = Annotation(message, "x-opt-via-partition-key")?.ToString(),
            DeadLetterSource = Annotation(message, "x-opt-deadletter-source")?.ToString(),
            Properties = message.ApplicationProperties?.Map is { } map
                ? map.ToDictionary(entry => entry.Key.ToString()!, entry => Plain(entry.Value)) : new Dictionary<string, object?>(),
        };
    }

    /// <summary>The number of the current delivery, starting at 1. The broker counts the earlier deliveries, and the Service Bus client adds the current one.</summary>
    public static uint DeliveryCount(Message message) => (message.Header?.DeliveryCount ?? 0) + 1;

    public static Guid LockToken(Message message) => message.DeliveryTag is { Length: 16 } tag ? new Guid(tag) : Guid.Empty;

    public static DateTimeOffset? LockedUntil(Message message) => Time(message, "x-opt-locked-until");

    public static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    private static DateTimeOffset Expiry(Message message, DateTimeOffset enqueued)
    {
        if (message.Properties is { } properties && properties.AbsoluteExpiryTime is { Ticks: > 0 } absolute) return Utc(absolute);
        return message.Header is { Ttl: > 0 and < uint.MaxValue } header
            ? enqueued + TimeSpan.FromMilliseconds(header.Ttl) : DateTimeOffset.MaxValue;
    }

    private static object? Annotation(Message message, string name) =>
        message.MessageAnnotations?.Map is { } map && map.TryGetValue(new Symbol(name), out var value) ? value : null;

    private static DateTimeOffset? Time(Message message, string name) =>
        Annotation(message, name) is DateTime time ? Utc(time) : null;

    /// <summary>Converts AMQP types, which have no JSON form, to text.</summary>
    private static object? Plain(object? value) => value is Symbol or Described ? value.ToString() : value;
}
