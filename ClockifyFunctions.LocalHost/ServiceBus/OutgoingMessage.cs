using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A stored message in the form of one delivery.</summary>
internal sealed class OutgoingMessage : Message
{
    public Guid LockToken { get; private init; }

    public static OutgoingMessage For(QueueMessage message)
    {
        var content = message.Content;
        return new OutgoingMessage
        {
            LockToken = message.LockToken,
            Header = HeaderFor(message, content.Header),
            MessageAnnotations = AnnotationsFor(message, content.MessageAnnotations),
            Properties = content.Properties,
            ApplicationProperties = PropertiesFor(message, content.ApplicationProperties),
            BodySection = content.BodySection,
            Footer = content.Footer,
        };
    }

    private static Header HeaderFor(QueueMessage message, Header? sent)
    {
        // AMQP counts earlier deliveries only. A peeked message may have no delivery at all.
        var header = new Header { DeliveryCount = (uint)Math.Max(0, message.DeliveryCount - 1) };
        // The shorter of the message's own time to live and that of the queue.
        if (message.TimeToLive is { } timeToLive)
            header.Ttl = (uint)timeToLive.TotalMilliseconds;
        if (sent is null)
            return header;
        header.Durable = sent.Durable;
        if (sent.HasField(1))
            header.Priority = sent.Priority;
        if (message.TimeToLive is null && sent.HasField(2))
            header.Ttl = sent.Ttl;
        return header;
    }

    private static MessageAnnotations AnnotationsFor(QueueMessage message, MessageAnnotations? sent)
    {
        var annotations = new MessageAnnotations();
        foreach (var (key, value) in sent?.Map ?? [])
            annotations.Map[key] = value;
        annotations[Annotations.SequenceNumber] = message.SequenceNumber;
        annotations[Annotations.EnqueuedTime] = message.EnqueuedTime.UtcDateTime;
        if (message.LockToken != Guid.Empty)
            annotations[Annotations.LockedUntil] = message.LockedUntil.UtcDateTime;
        return annotations;
    }

    private static ApplicationProperties? PropertiesFor(QueueMessage message, ApplicationProperties? sent)
    {
        if (message.DeadLetterReason is null && message.DeadLetterDescription is null)
            return sent;
        var properties = new ApplicationProperties();
        foreach (var (key, value) in sent?.Map ?? [])
            properties.Map[key] = value;
        if (message.DeadLetterReason is not null)
            properties[DeadLetterInfo.Reason] = message.DeadLetterReason;
        if (message.DeadLetterDescription is not null)
            properties[DeadLetterInfo.Description] = message.DeadLetterDescription;
        return properties;
    }
}
