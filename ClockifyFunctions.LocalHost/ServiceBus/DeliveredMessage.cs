using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A message on its way to a receiver: the producer's sections with the annotations the broker adds.</summary>
internal sealed class DeliveredMessage : Message
{
    public DeliveredMessage(QueuedMessage queued)
    {
        var original = queued.Message;
        Queued = queued;
        Header = new Header { Durable = true, DeliveryCount = (uint)(queued.DeliveryCount - 1) };
        Properties = original.Properties;
        BodySection = original.BodySection;
        ApplicationProperties = original.ApplicationProperties;
        MessageAnnotations = new MessageAnnotations();
        MessageAnnotations[new Symbol("x-opt-sequence-number")] = queued.SequenceNumber;
        MessageAnnotations[new Symbol("x-opt-enqueued-time")] = queued.EnqueuedAt.UtcDateTime;
        MessageAnnotations[new Symbol("x-opt-locked-until")] = queued.LockedUntil.UtcDateTime;
        LockToken = queued.LockToken;
        if (queued.DeadLetterReason is null) return;
        ApplicationProperties = new ApplicationProperties();
        foreach (var entry in original.ApplicationProperties?.Map ?? []) ApplicationProperties.Map[entry.Key] = entry.Value;
        ApplicationProperties["DeadLetterReason"] = queued.DeadLetterReason;
        ApplicationProperties["DeadLetterErrorDescription"] = queued.DeadLetterDescription;
    }

    public QueuedMessage Queued { get; }

    /// <summary>The lock of this delivery; null when it was deleted as it was received.</summary>
    public Guid? LockToken { get; }
}
