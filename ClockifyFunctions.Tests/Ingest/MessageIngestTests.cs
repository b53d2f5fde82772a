using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Draining;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.Ingest;

public sealed class MessageIngestTests : IAsyncLifetime
{
    private readonly BlobAccount _account = InMemoryStorage.Open();
    private readonly string _destination = Some.Name("destination"), _credential = Some.Name("credential");
    private readonly RunningDrains _running = new();
    private Queues _queues = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _queues = new Queues(ServiceBusConnection.Open(InMemoryStorage.Settings), TimeProvider.System, NullLogger<QueueSender>.Instance);
        _running.Begin(_credential, () => { }); // A drain in this process needs no ticket.
        await new DestinationStore(_account, TimeProvider.System).WriteAsync(new StoredDestination(_destination, DestinationState.Active, new DestinationConfig { Credential = _credential }), null, Cancel);
    }

    public ValueTask DisposeAsync() => _queues.DisposeAsync();

    /// <summary>Id of a destination or null, a config or null, and the expected reason in the quarantine.</summary>
    [Theory]
    [InlineData("{tag}\n", null, "does not exist")]
    [InlineData(null, """{"credential":"default","mapping":{"name":{"value":"\ud800"}}}""", "surrogate")]
    [InlineData(null, """{"credential":"default","nobody knows":"\ud800"}""", "surrogate")]
    [InlineData(null, "null", "is null")]
    [InlineData(null, "{", "is not a destination config")]
    public async Task AnInvalidMessageIsQuarantinedAndTheOthersOfItsBatchAreIngested(string? tag, string? config, string reason)
    {
        List<(string, object)> properties = [];
        if (tag is not null) properties.Add(("destination", tag.Replace("{tag}", _destination, StringComparison.Ordinal)));
        if (config is not null) properties.Add(("destinationConfig", config));
        await AssertOthersAreIngestedAsync(invalidId => Received.Message("""{"a":1}""", invalidId, properties: [.. properties]), reason);
    }

    [Fact]
    public async Task AMessageThatCausesAnErrorOfTheAppIsQuarantined()
    {
        var id = Some.Name("destination");
        await _account.Destinations.GetBlobClient($"{id}.json").UploadAsync(BinaryData.FromString("no JSON"), Cancel);
        await AssertOthersAreIngestedAsync(invalidId => Received.Message("""{"a":1}""", invalidId, properties: ("destination", id)), "failed to process this record");
    }

    [Fact]
    public async Task AMessageWithAnUnreadableBodyIsQuarantinedWithoutTheBody()
    {
        await AssertOthersAreIngestedAsync(
            invalidId =>
            {
                var message = new AmqpAnnotatedMessage(AmqpMessageBody.FromValue(7)) { Properties = { MessageId = new AmqpMessageId(invalidId) }, ApplicationProperties = { ["destination"] = _destination } };
                return ServiceBusReceivedMessage.FromAmqpMessage(message, new BinaryData(Guid.Empty.ToByteArray()));
            },
            "send the record as data",
            _destination);
    }

    private async Task AssertOthersAreIngestedAsync(Func<string, ServiceBusReceivedMessage> message, string reason, string quarantined = QuarantineStore.Unrouted)
    {
        var (destinations, backlogs, quarantine) = (new DestinationStore(_account, TimeProvider.System), new Backlogs(_account), new QuarantineStore(_account));
        using var credentials = new CredentialStore(InMemoryStorage.Settings, null, TimeProvider.System, NullLogger<CredentialStore>.Instance);
        var ingest = new MessageIngest(
            destinations, new InlineDestinations(destinations, credentials), backlogs, quarantine, new DrainTickets(_queues, _running, TimeProvider.System, NullLogger<DrainTickets>.Instance), TimeProvider.System,
            NullLogger<MessageIngest>.Instance);
        var invalidId = Some.Name("invalid");
        await ingest.RunAsync([message(invalidId), Received.Message("""{"a":1}""", Some.Name("good"), properties: ("destination", _destination))], Cancel);
        Assert.Contains(reason, Assert.Single((await quarantine.ListAsync(quarantined, 1000, Cancel)).Entries, entry => entry.MessageId == invalidId).Reason, StringComparison.Ordinal);
        Assert.Single(await backlogs.PeekAsync((await backlogs.FindAsync(_credential, _destination, Cancel))!, 10, Cancel));
    }
}
