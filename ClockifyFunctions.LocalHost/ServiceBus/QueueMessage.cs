using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>One message and its state in the broker. Immutable, because tests and links keep references to it.</summary>
internal sealed record QueueMessage(Message Content, long SequenceNumber, DateTimeOffset EnqueuedTime)
{
    /// <summary>Deliveries so far, the current one included.</summary>
    public int DeliveryCount { get; init; }

    /// <summary><see cref="Guid.Empty"/> unless the message is locked.</summary>
    public Guid LockToken { get; init; }

    public DateTimeOffset LockedUntil { get; init; }

    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Null: unlimited, as in every dead-letter queue.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>True if a receiver has deferred the message. It can then be received only by its sequence number.</summary>
    public bool IsDeferred { get; init; }

    public string? DeadLetterReason { get; init; }

    public string? DeadLetterDescription { get; init; }

    public string? SessionId => Content.Properties?.GroupId;

    public DateTimeOffset? ExpiresAt => EnqueuedTime + TimeToLive;
}
