using Azure.Core.Pipeline;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.Tests.Destinations;

public class DestinationStoreTests
{
    private readonly BlobAccount _account = InMemoryStorage.Open();
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADestinationCreatedByAnotherProcessIsFoundAtOnceAfterAnEarlierMiss()
    {
        var (here, there) = (new DestinationStore(_account, TimeProvider.System), new DestinationStore(_account, TimeProvider.System));
        var id = Some.Name("destination").ToLowerInvariant();
        Assert.Null(await here.FindAsync(id, Cancel));
        await there.WriteAsync(new StoredDestination(id, DestinationState.Active, new DestinationConfig { Credential = "default" }), expected: null, Cancel);
        Assert.NotNull(await here.FindAsync(id, Cancel));
    }

    [Fact]
    public async Task AReadThatBeganBeforeAWriteDoesNotHideTheWrite()
    {
        var time = TimeProvider.System;
        var blobs = new BlobHandler(new InMemoryBlobs(time), new StorageCondition { Latency = TimeSpan.Zero }, time, new KillSwitch());
        using var slow = new SlowReads(blobs);
        var store = new DestinationStore(new BlobAccount(InMemoryStorage.Settings, blobs.Setup(time) + (options => options.Transport = new HttpClientTransport(slow))), time);
        var active = new StoredDestination("some", DestinationState.Active, new DestinationConfig { Credential = "default" });
        var etag = await store.WriteAsync(active, expected: null, Cancel);
        var reading = store.ReadAsync("some", Cancel);
        await slow.Answered.Task;
        Assert.NotNull(await store.WriteAsync(active with { State = DestinationState.Paused }, etag, Cancel));
        slow.Continue.SetResult();
        await reading;
        Assert.Equal(DestinationState.Paused, (await store.FindAsync("some", Cancel))?.State);
    }

    /// <summary>Holds back the answers to reads.</summary>
    private sealed class SlowReads(HttpMessageHandler storage) : DelegatingHandler(storage)
    {
        public TaskCompletionSource Answered { get; } = new();

        public TaskCompletionSource Continue { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            if (request.Method != HttpMethod.Get) return answer;
            Answered.SetResult();
            await Continue.Task;
            return answer;
        }
    }
}
