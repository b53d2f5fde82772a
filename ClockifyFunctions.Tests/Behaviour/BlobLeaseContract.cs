using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Behaviour;

/// <summary>The behavior of blob leases that <c>BlobGateStore</c> relies on, in the order of its table, on Azurite and on storage in memory.</summary>
public abstract class BlobLeaseContract
{
    private readonly BlobAccount _account;

    /// <summary>The durations of a lease that must expire and of a lease that must not expire during a test.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15), Longest = TimeSpan.FromSeconds(60);

    private protected BlobLeaseContract(BlobAccount account) => _account = account;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AcquireIsRefusedOnAMissingBlobAndOnALeasedOne()
    {
        Assert.Equal("404 BlobNotFound", await ErrorAsync(() => _account.Gates.GetBlobClient(Some.Name()).GetBlobLeaseClient(Id()).AcquireAsync(Longest, cancellationToken: Cancel)));
        var blob = await LeasedAsync(Id());
        Assert.Equal("409 LeaseAlreadyPresent", await ErrorAsync(() => blob.GetBlobLeaseClient(Id()).AcquireAsync(Longest, cancellationToken: Cancel)));
    }

    [Fact]
    public async Task ARenewalWithAnotherIdOrAfterAReleaseIsRefused()
    {
        var id = Id();
        var blob = await LeasedAsync(id);
        Assert.Equal("409 LeaseIdMismatchWithLeaseOperation", await ErrorAsync(() => blob.GetBlobLeaseClient(Id()).RenewAsync(cancellationToken: Cancel)));
        await blob.GetBlobLeaseClient(id).ReleaseAsync(cancellationToken: Cancel);
        Assert.Equal("409 LeaseIdMismatchWithLeaseOperation", await ErrorAsync(() => blob.GetBlobLeaseClient(id).RenewAsync(cancellationToken: Cancel)));
    }

    [Fact]
    public async Task DuringABreakPeriodARenewalIsRefusedButWriteAndReleaseAreAllowed()
    {
        var id = Id();
        var blob = await LeasedAsync(id);
        await blob.GetBlobLeaseClient().BreakAsync(cancellationToken: Cancel);
        Assert.Equal(LeaseState.Breaking, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState);
        Assert.Equal("409 LeaseIsBrokenAndCannotBeRenewed", await ErrorAsync(() => blob.GetBlobLeaseClient(id).RenewAsync(cancellationToken: Cancel)));
        Assert.Equal("409 LeaseAlreadyPresent", await ErrorAsync(() => blob.GetBlobLeaseClient(Id()).AcquireAsync(Longest, cancellationToken: Cancel)));
        await blob.SetMetadataAsync(new Dictionary<string, string>(), new BlobRequestConditions { LeaseId = id }, Cancel);
        await blob.GetBlobLeaseClient(id).ReleaseAsync(cancellationToken: Cancel);
        await blob.GetBlobLeaseClient(Id()).AcquireAsync(Longest, cancellationToken: Cancel);
    }

    [Fact]
    public async Task ABrokenLeaseIsNotRenewed()
    {
        var id = Id();
        var blob = await LeasedAsync(id);
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
        Assert.Equal("409 LeaseIsBrokenAndCannotBeRenewed", await ErrorAsync(() => blob.GetBlobLeaseClient(id).RenewAsync(cancellationToken: Cancel)));
    }

    [Fact]
    public async Task AWriteWithALostLeaseIsRefused()
    {
        var id = Id();
        var blob = await LeasedAsync(id);
        await blob.GetBlobLeaseClient(id).ReleaseAsync(cancellationToken: Cancel);
        Assert.Equal("412 LeaseNotPresentWithBlobOperation", await ErrorAsync(() => WriteAsync(blob, id)));
        await blob.GetBlobLeaseClient(Id()).AcquireAsync(Longest, cancellationToken: Cancel);
        Assert.Equal("412 LeaseIdMismatchWithBlobOperation", await ErrorAsync(() => WriteAsync(blob, id)));
        Assert.Equal("412 LeaseIdMissing", await ErrorAsync(() => blob.SetMetadataAsync(new Dictionary<string, string>(), cancellationToken: Cancel)));
    }

    [Fact]
    public async Task AnExpiredLeaseCanBeAcquiredByOthersOrRenewedByItsHolder()
    {
        var (forgotten, kept) = (Id(), Id());
        var (taken, left) = (await LeasedAsync(forgotten, Shortest), await LeasedAsync(kept, Shortest));
        await EndAsync(taken);
        Assert.Equal("412 LeaseNotPresentWithBlobOperation", await ErrorAsync(() => WriteAsync(taken, forgotten)));
        await taken.GetBlobLeaseClient(Id()).AcquireAsync(Longest, cancellationToken: Cancel);
        Assert.Equal("409 LeaseIdMismatchWithLeaseOperation", await ErrorAsync(() => taken.GetBlobLeaseClient(forgotten).RenewAsync(cancellationToken: Cancel)));
        await left.GetBlobLeaseClient(kept).RenewAsync(cancellationToken: Cancel);
    }

    /// <summary>Waits until the lease has ended.</summary>
    protected abstract Task EndAsync(BlobClient blob);

    private static string Id() => Guid.NewGuid().ToString();

    private static Task<Response<BlobInfo>> WriteAsync(BlobClient blob, string id) => blob.SetMetadataAsync(new Dictionary<string, string>(), new BlobRequestConditions { LeaseId = id }, Cancel);

    private async Task<BlobClient> LeasedAsync(string id, TimeSpan? duration = null)
    {
        var blob = _account.Gates.GetBlobClient(Some.Name());
        await blob.UploadAsync(BinaryData.Empty, Cancel);
        await blob.GetBlobLeaseClient(id).AcquireAsync(duration ?? Longest, cancellationToken: Cancel);
        return blob;
    }

    private static async Task<string> ErrorAsync(Func<Task> action)
    {
        var failed = await Assert.ThrowsAsync<RequestFailedException>(action);
        return $"{failed.Status} {failed.ErrorCode}";
    }
}

public sealed class BlobLeaseTests : BlobLeaseContract
{
    private readonly FakeTimeProvider _time;

    public BlobLeaseTests()
        : this(new FakeTimeProvider())
    {
    }

    private BlobLeaseTests(FakeTimeProvider time)
        : base(InMemoryStorage.Open(time)) => _time = time;

    protected override Task EndAsync(BlobClient blob)
    {
        _time.Advance(TimeSpan.FromSeconds(15));
        return Task.CompletedTask;
    }
}

[Collection(AzuriteCollection.Name)]
public sealed class BlobLeaseOnAzuriteTests(AzuriteFixture azurite) : BlobLeaseContract(azurite.Account)
{
    protected override Task EndAsync(BlobClient blob) =>
        Eventually.TrueAsync("the lease ends", async () => (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState == LeaseState.Expired, TimeSpan.FromSeconds(60));
}
