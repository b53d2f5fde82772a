using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Destinations;

[Collection(AzuriteCollection.Name)]
public class DestinationStoreTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatAnotherProcessHasMadeIsFoundAtOnceThoughItWasLookedForBefore()
    {
        var (here, there) = (new DestinationStore(azurite.Account, TimeProvider.System), new DestinationStore(azurite.Account, TimeProvider.System));
        var id = Some.Name("destination").ToLowerInvariant();
        Assert.Null(await here.FindAsync(id, Cancel));
        await there.WriteAsync(new StoredDestination(id, DestinationState.Active, new DestinationConfig { Credential = "default" }), expected: null, Cancel);
        Assert.NotNull(await here.FindAsync(id, Cancel));
    }
}
