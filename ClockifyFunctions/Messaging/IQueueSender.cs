namespace ClockifyFunctions.Messaging;

/// <summary>Sends to one queue: over AMQP, or in tests into a queue in memory.</summary>
internal interface IQueueSender
{
    /// <summary>Returns when the queue has taken the message.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> fired first: the message may or may not have arrived.</exception>
    Task SendAsync(OutgoingMessage message, CancellationToken cancel);

    /// <summary>How large a message may be, envelope included. Bytes.</summary>
    Task<long> LargestMessageAsync(CancellationToken cancel);
}
