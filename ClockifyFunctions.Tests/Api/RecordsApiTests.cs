using System.Text;
using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Api;

public class RecordsApiTests
{
    private readonly BlobAccount _account = InMemoryStorage.Open();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>No broker listens at the address in the settings.</summary>
    [Theory]
    [InlineData(10)]
    [InlineData(300_000)] // Too large for some queues, so the app asks the queue for its limit.
    public async Task TheWaitForAnUnavailableQueueIsLimited(int size)
    {
        var time = new FakeTimeProvider();
        var store = new DestinationStore(_account, TimeProvider.System);
        var id = Some.Name("destination");
        await store.WriteAsync(new StoredDestination(id, DestinationState.Active, new DestinationConfig { Credential = "default" }), null, Cancel);
        await using var queues = new Queues(ServiceBusConnection.Open(InMemoryStorage.Settings), time, NullLogger<QueueSender>.Instance);
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', size)}\"}}"));
        var answer = new RecordsApi(store, queues, new RequestKeys(_account, time), new LinkStore(_account, time), time).SendAsync(id, context.Request, Cancel);
        await Eventually.DoneAsync("it is answered", answer, time);
        Assert.Equal(503, Assert.IsAssignableFrom<IStatusCodeHttpResult>(await answer).StatusCode);
    }
}
