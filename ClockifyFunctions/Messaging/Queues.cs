using ClockifyFunctions.Configuration;


namespace ClockifyFunctions.Messaging;

/// <summary>The queues this app sends to.</summary>
internal sealed class Queues(AppSettings settings, TimeProvider time, ILogger<AmqpSender> log) : IAsyncDisposable
{
    public const string RecordsName = "clockify-records", DrainName = "clockify-drain", ResponsesName = "clockify-responses";

    private readonly ServiceBusEndpoint _endpoint = ServiceBusEndpoint.From(settings);
    private AmqpSender? _records, _drain, _responses;

    public AmqpSender Records => _records ?? LazyInitializer.EnsureInitialized(ref _records, () => Open(RecordsName));

    public AmqpSender Drain => _drain ?? LazyInitializer.EnsureInitialized(ref _drain, () => Open(DrainName));

    /// <summary>One for all, or events of one object could change places.</summary>
    public AmqpSender Responses => _responses ?? LazyInitializer.EnsureInitialized(ref _responses, () => Open(ResponsesName));

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in new[] { _records, _drain, _responses })
            if (sender is not null) await sender.DisposeAsync();
    }

    private AmqpSender Open(string queue) => new(_endpoint, queue, time, log);
}
