using System.Text;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Functions.IngestRecords;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.Functions;

public sealed class IngestRecordsFunctionTests : IAsyncLifetime
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

    /// <summary>A destination's name, or null; a config, or null; what the quarantine says.</summary>
    [Theory]
    [InlineData("{tag}\n", null, "no destination")]
    [InlineData(null, """{"credential":"default","mapping":{"name":{"value":"\ud800"}}}""", "surrogate")]
    [InlineData(null, """{"credential":"default","nobody knows":"\ud800"}""", "surrogate")]
    [InlineData(null, "null", "is null")]
    [InlineData(null, "{", "is not a destination config")]
    public async Task AnOddMessageIsQuarantinedAndThoseThatCameWithItAreTakenIn(string? tag, string? config, string reason)
    {
        var properties = new Dictionary<string, string?> { ["destination"] = tag?.Replace("{tag}", _destination, StringComparison.Ordinal), ["destinationConfig"] = config };
        await AssertOthersAreTakenInAsync(JsonSerializer.SerializeToElement(properties), reason);
    }

    [Fact]
    public async Task AMessageThatTheAppFailsAtIsQuarantinedToo()
    {
        var gone = JsonDocument.Parse("{}");
        gone.Dispose();
        await AssertOthersAreTakenInAsync(gone.RootElement, "failed at this record");
    }

    private async Task AssertOthersAreTakenInAsync(JsonElement properties, string reason)
    {
        var (backlogs, quarantine) = (new Backlogs(_account), new QuarantineStore(_account));
        var destinations = new DestinationStore(_account, TimeProvider.System);
        var function = new IngestRecordsFunction(
            destinations, new InlineDestinations(destinations, InMemoryStorage.Settings), backlogs, quarantine, new DrainTickets(_queues, _running, TimeProvider.System, NullLogger<DrainTickets>.Instance), TimeProvider.System,
            NullLogger<IngestRecordsFunction>.Instance);
        var odd = Some.Name("odd");
        await function.RunAsync([Message(odd, properties), Message(Some.Name("good"), Some.Json($$"""{"destination":"{{_destination}}"}"""))], Cancel);
        Assert.Contains(reason, Assert.Single((await quarantine.ListAsync(QuarantineStore.Unrouted, 1000, Cancel)).Entries, entry => entry.MessageId == odd).Reason, StringComparison.Ordinal);
        Assert.Single(await backlogs.PeekAsync((await backlogs.FindAsync(_credential, _destination, Cancel))!, 10, Cancel));
    }

    private static QueueMessage Message(string id, JsonElement properties) => new(Encoding.UTF8.GetBytes("""{"a":1}"""), id, 1, DateTimeOffset.UnixEpoch, null, properties);
}
