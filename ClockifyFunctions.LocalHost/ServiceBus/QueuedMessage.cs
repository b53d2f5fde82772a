using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A message in a queue of the emulator; changed only under the queue's lock.</summary>
internal sealed class QueuedMessage(long sequenceNumber, DateTimeOffset enqueuedAt, Message message)
{
    public long SequenceNumber { get; } = sequenceNumber;

    public DateTimeOffset EnqueuedAt { get; } = enqueuedAt;

    public Message Message { get; } = message;

    /// <summary>Deliveries so far.</summary>
    public int DeliveryCount { get; set; }

    /// <summary>Null while nobody holds it.</summary>
    public Guid? LockToken { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public string? DeadLetterReason { get; set; }

    public string? DeadLetterDescription { get; set; }
}
