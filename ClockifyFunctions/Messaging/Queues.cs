using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Messaging;

/// <summary>The queues this app sends to.</summary>
/// <param name="open">Makes the sender for a queue; called once per queue, on first use.</param>
internal sealed class Queues(Func<string, IQueueSender> open) : IAsyncDisposable
{
    public const string RecordsName = "clockify-records", DrainName = "clockify-drain", ResponsesName = "clockify-responses";

    private readonly Lazy<IQueueSender> _records = new(() => open(RecordsName)), _drain = new(() => open(DrainName)), _responses = new(() => open(ResponsesName));

    public Queues(AppSettings settings, TimeProvider time, ILogger<AmqpSender> log)
        : this(queue => new AmqpSender(ServiceBusEndpoint.From(settings), queue, time, log))
    {
    }

    public IQueueSender Records => _records.Value;

    public IQueueSender Drain => _drain.Value;

    /// <summary>One sender for all events: with several, events of one object could change places.</summary>
    public IQueueSender Responses => _responses.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in new[] { _records, _drain, _responses })
            if (sender is { IsValueCreated: true, Value: IAsyncDisposable opened }) await opened.DisposeAsync();
    }
}
