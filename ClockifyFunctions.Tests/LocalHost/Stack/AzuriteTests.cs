using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.LocalHost.Stack;

public class AzuriteTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALeaseOutlivesARestart(bool isBreaking)
    {
        await using var azurite = await Azurite.StartAsync(Cancel);
        var container = new BlobContainerClient(azurite.ConnectionString, "gates");
        await container.CreateAsync(cancellationToken: Cancel);
        var blob = container.GetBlobClient("gate");
        await blob.UploadAsync(BinaryData.Empty, Cancel);
        var (ours, theirs) = (blob.GetBlobLeaseClient(Guid.NewGuid().ToString()), blob.GetBlobLeaseClient(Guid.NewGuid().ToString()));
        await ours.AcquireAsync(Minute, cancellationToken: Cancel);
        if (isBreaking) await theirs.BreakAsync(Minute, cancellationToken: Cancel);

        await azurite.StopProcessAsync();
        await azurite.StartProcessAsync(Cancel);

        var held = await Assert.ThrowsAsync<RequestFailedException>(() => theirs.AcquireAsync(Minute, cancellationToken: Cancel));
        Assert.Equal(BlobErrorCode.LeaseAlreadyPresent, held.ErrorCode);
        await ours.ReleaseAsync(cancellationToken: Cancel);
        await theirs.AcquireAsync(Minute, cancellationToken: Cancel);
    }
}
