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
    private static readonly string Ours = Guid.NewGuid().ToString(), Theirs = Guid.NewGuid().ToString();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataAndLeasesOfAKeptFolderAreAvailableInTheNextRun()
    {
        var folder = Directory.CreateTempSubdirectory("kept-");
        try
        {
            await using (var first = await Azurite.StartAsync(Cancel, folder.FullName))
            {
                await Container(first).CreateAsync(cancellationToken: Cancel);
                await LeaseAsync(first, "held");
                await LeaseAsync(first, "breaking");
                await Lease(first, "breaking", Theirs).BreakAsync(Minute, cancellationToken: Cancel);
            }

            await using var second = await Azurite.StartAsync(Cancel, folder.FullName);
            foreach (var name in new[] { "held", "breaking" })
            {
                Assert.Equal("some data", (await Container(second).GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString());
                var refused = await Assert.ThrowsAsync<RequestFailedException>(() => Lease(second, name, Theirs).AcquireAsync(Minute, cancellationToken: Cancel));
                Assert.Equal(BlobErrorCode.LeaseAlreadyPresent, refused.ErrorCode);
                await Lease(second, name, Ours).ReleaseAsync(cancellationToken: Cancel);
                await Lease(second, name, Theirs).AcquireAsync(Minute, cancellationToken: Cancel);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task LeaseAsync(Azurite azurite, string name)
    {
        await Container(azurite).UploadBlobAsync(name, BinaryData.FromString("some data"), Cancel);
        await Lease(azurite, name, Ours).AcquireAsync(Minute, cancellationToken: Cancel);
    }

    private static BlobLeaseClient Lease(Azurite azurite, string name, string id) => Container(azurite).GetBlobClient(name).GetBlobLeaseClient(id);

    private static BlobContainerClient Container(Azurite azurite) => new(azurite.ConnectionString, "gates");
}
