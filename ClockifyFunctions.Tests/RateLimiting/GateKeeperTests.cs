using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.RateLimiting;

[Collection(AzuriteCollection.Name)]
public class GateKeeperTests(AzuriteFixture azurite)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OneEntersAndTheOthersFindItHeld()
    {
        var credential = Some.Credential();
        await using var gate = Entered(await Keeper().EnterAsync(credential, Cancel));
        Assert.IsType<GateEntry.Held>(await Keeper().EnterAsync(credential, Cancel));
        Assert.IsType<GateEntry.Entered>(await Keeper().EnterAsync(Some.Credential(), Cancel));
    }

    [Fact]
    public async Task AGateLeftProperlyIsOpenAtOnceAndCarriesItsHistory()
    {
        var credential = Some.Credential(limits: new RateWindow(1, TimeSpan.FromHours(1)));
        await using (var gate = Entered(await Keeper().EnterAsync(credential, Cancel))) gate.Completed(await gate.PermitAsync(Cancel));

        await using var next = Entered(await Keeper().EnterAsync(credential, Cancel));
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.PermitAsync(impatient.Token));
    }

    [Fact]
    public async Task AGateWhoseHolderVanishedMakesTheNextOneWaitAWindow()
    {
        var credential = Some.Credential(limits: new RateWindow(1, TimeSpan.FromHours(1)));
        await using (Entered(await Keeper().EnterAsync(credential, Cancel)))
        {
            // Breaking the lease at once is what its end looks like from outside: no state was left.
            await azurite.Account.Gates.GetBlobClient(credential.Name).GetBlobLeaseClientForTests().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
            await using var next = Entered(await Keeper().EnterAsync(credential, Cancel));
            using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.PermitAsync(impatient.Token));
        }
    }

    [Fact]
    public async Task ASuspendedCredentialLetsNobodyInUntilTheKeyChangesOrAPersonResumesIt()
    {
        var credential = Some.Credential();
        await using (var gate = Entered(await Keeper().EnterAsync(credential, Cancel))) gate.Suspend("the API answered 401");
        Assert.Equal("the API answered 401", Assert.IsType<GateEntry.Suspended>(await Keeper().EnterAsync(credential, Cancel)).Reason);

        var newKey = Some.Credential(credential.Name, "another-key");
        await using (Entered(await Keeper().EnterAsync(newKey, Cancel)))
        {
        }

        await using (var gate = Entered(await Keeper().EnterAsync(credential, Cancel))) gate.Suspend("again");
        await Keeper().ResumeAsync(credential.Name, Cancel);
        await using var resumed = Entered(await Keeper().EnterAsync(credential, Cancel));
    }

    private GateKeeper Keeper() => new(azurite.Account, azurite.Settings, TimeProvider.System, NullLogger<GateKeeper>.Instance);

    private static Gate Entered(GateEntry entry) => Assert.IsType<GateEntry.Entered>(entry).Gate;
}

internal static class LeaseExtensions
{
    public static Azure.Storage.Blobs.Specialized.BlobLeaseClient GetBlobLeaseClientForTests(this Azure.Storage.Blobs.BlobClient blob) =>
        Azure.Storage.Blobs.Specialized.SpecializedBlobExtensions.GetBlobLeaseClient(blob);
}
