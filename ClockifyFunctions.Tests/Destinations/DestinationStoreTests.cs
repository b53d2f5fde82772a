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
}
