using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.LocalHost.Stack;

[Trait(Categories.Name, Categories.Process)]
public class AzuriteTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALeaseSurvivesARestart(bool isBreaking)
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

    [Fact]
    public async Task TheDataOfAKeptFolderIsAvailableInTheNextRun()
    {
        var folder = Directory.CreateTempSubdirectory("kept-");
        try
        {
            await using (var first = await Azurite.StartAsync(Cancel, folder.FullName))
                await (await new BlobServiceClient(first.ConnectionString).CreateBlobContainerAsync("destinations", cancellationToken: Cancel)).Value.UploadBlobAsync("demo.json", BinaryData.FromString("{}"), Cancel);
            await using var second = await Azurite.StartAsync(Cancel, folder.FullName);
            Assert.True(await new BlobContainerClient(second.ConnectionString, "destinations").GetBlobClient("demo.json").ExistsAsync(Cancel));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
