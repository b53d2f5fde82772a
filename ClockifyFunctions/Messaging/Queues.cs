using Azure.Messaging.ServiceBus;

namespace ClockifyFunctions.Messaging;

/// <summary>The queues to which the app sends. Each sender connects when it is first used.</summary>
internal sealed class Queues(ServiceBusClient client, TimeProvider time, ILogger<QueueSender> log) : IAsyncDisposable
{
    public const string RecordsName = "clockify-records", DrainName = "clockify-drain", ResponsesName = "clockify-responses";

    private QueueSender? _records, _drain, _responses;

    public QueueSender Records => _records ?? LazyInitializer.EnsureInitialized(ref _records, () => Open(RecordsName));

    public QueueSender Drain => _drain ?? LazyInitializer.EnsureInitialized(ref _drain, () => Open(DrainName));

    /// <summary>One sender for all events: two senders could change the order of the events of one object.</summary>
    public QueueSender Responses => _responses ?? LazyInitializer.EnsureInitialized(ref _responses, () => Open(ResponsesName));

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in new[] { _records, _drain, _responses })
            if (sender is not null) await sender.DisposeAsync();
    }

    private QueueSender Open(string queue) => new(client.CreateSender(queue), time, log);
}
