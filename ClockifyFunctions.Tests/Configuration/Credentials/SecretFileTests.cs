using ClockifyFunctions.Configuration.Credentials;

namespace ClockifyFunctions.Tests.Configuration.Credentials;

public sealed class SecretFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secrets-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Path => System.IO.Path.Combine(_folder.FullName, "inner", "credentials.json");

    private SecretFile Secrets => new(Path, TimeProvider.System);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AnotherProcessReadsAWrittenCredentialUntilItIsDeleted()
    {
        Assert.Empty(await Secrets.ReadAllAsync(Cancel));
        await Secrets.WriteAsync("crm", new CredentialConfig { ApiKey = "k1", Limits = ["5/00:00:01"] }, Cancel);
        await Secrets.WriteAsync("other", new CredentialConfig { ApiKey = "k2" }, Cancel);
        var read = await Secrets.ReadAllAsync(Cancel);
        Assert.Equal(("k1", "5/00:00:01", "k2"), (read["crm"].ApiKey, Assert.Single(read["crm"].Limits!), read["other"].ApiKey));
        await Secrets.DeleteAsync("crm", Cancel);
        Assert.Equal(["other"], (await Secrets.ReadAllAsync(Cancel)).Keys);
    }

    [Fact]
    public async Task OnlyTheOwnerMayReadTheFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no Unix file modes.");
        await Secrets.WriteAsync("crm", new CredentialConfig { ApiKey = "k" }, Cancel);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Secrets.ReadAllAsync(Cancel));
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConcurrentWritersLoseNothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(index => Secrets.WriteAsync($"key{index}", new CredentialConfig { ApiKey = $"k{index}" }, Cancel)));
        Assert.Equal(10, (await Secrets.ReadAllAsync(Cancel)).Count);
    }

    [Fact]
    public async Task AnInvalidFileIsRefusedWithoutQuotingItsContent()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        await File.WriteAllTextAsync(Path, "{\"crm\":\"my-key\"", Cancel);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Secrets.ReadAllAsync(Cancel));
        Assert.DoesNotContain("my-key", refused.ToString(), StringComparison.Ordinal);
    }
}
