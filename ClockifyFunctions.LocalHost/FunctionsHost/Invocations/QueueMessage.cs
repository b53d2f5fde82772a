namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>What the host knows of one delivered message. Null where the sender set nothing.</summary>
/// <param name="DeliveryCount">1 on first delivery.</param>
internal sealed record QueueMessage(
    byte[] Body, Guid LockToken, int DeliveryCount, long SequenceNumber, DateTimeOffset EnqueuedTime, DateTimeOffset ExpiresAt)
{
    public string? MessageId { get; init; }
    public string? CorrelationId { get; init; }
    public string? SessionId { get; init; }
    public string? ContentType { get; init; }
    public string? Subject { get; init; }
    public string? ReplyTo { get; init; }
    public string? ReplyToSessionId { get; init; }
    public string? To { get; init; }
    public string? PartitionKey { get; init; }
    public string? TransactionPartitionKey { get; init; }
    public string? DeadLetterSource { get; init; }

    /// <summary>In the sender's order.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Properties { get; init; } = [];
}
