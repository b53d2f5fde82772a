namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>The values of one message that the trigger metadata contains. A value that the sender did not set is null.</summary>
/// <param name="DeliveryCount">1 at the first delivery.</param>
internal sealed record ReceivedMessage(
    Guid LockToken, int DeliveryCount, long SequenceNumber, DateTimeOffset EnqueuedTime, DateTimeOffset ExpiresAt)
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

    public IReadOnlyDictionary<string, object?> Properties { get; init; } = new Dictionary<string, object?>();

    /// <summary>The W3C trace context of the sender; null if there is none.</summary>
    public string? TraceParent => (Properties.GetValueOrDefault("Diagnostic-Id") ?? Properties.GetValueOrDefault("traceparent")) as string;
}
