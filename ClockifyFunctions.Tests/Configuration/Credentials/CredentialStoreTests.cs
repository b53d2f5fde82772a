using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Configuration.Credentials;

public sealed class CredentialStoreTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly SecretsInMemory _secrets = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnotherProcessSeesAChangeWhenItsReadingExpires()
    {
        using CredentialStore writer = Store(), reader = Store();
        await writer.WriteAsync("crm", new CredentialConfig { ApiKey = "old" }, Cancel);
        var before = (await reader.GetAsync(CredentialStore.ForSending, Cancel)).Find("crm");
        await writer.WriteAsync("crm", new CredentialConfig { ApiKey = "new" }, Cancel);
        Assert.Same(before, (await reader.GetAsync(CredentialStore.ForSending, Cancel)).Find("crm"));
        Assert.Equal("new", (await reader.GetAsync(CredentialStore.Now, Cancel)).Find("crm")!.ApiKey);
        await writer.DeleteAsync("crm", Cancel);
        _time.Advance(CredentialStore.ForSending);
        Assert.Null((await reader.GetAsync(CredentialStore.ForSending, Cancel)).Find("crm"));
    }

    [Fact]
    public async Task ACredentialThatHasNotChangedIsTheSameObject()
    {
        using var store = Store();
        await store.WriteAsync("crm", new CredentialConfig { ApiKey = "k", Limits = ["5/00:00:01"] }, Cancel);
        var before = (await store.GetAsync(CredentialStore.Now, Cancel)).Find("crm");
        await store.WriteAsync("other", new CredentialConfig { ApiKey = "k" }, Cancel);
        Assert.Same(before, (await store.GetAsync(CredentialStore.Now, Cancel)).Find("crm"));
    }

    [Fact]
    public async Task ASettingTakesPrecedenceOverAManagedCredentialOfTheSameName()
    {
        _secrets.All["main"] = new CredentialConfig { ApiKey = "managed" };
        using var store = Store(Some.Credential("main", "setting"));
        var known = await store.GetAsync(CredentialStore.Now, Cancel);
        Assert.Equal("setting", known.Find("main")!.ApiKey);
        Assert.False(known.IsManaged("main"));
    }

    [Fact]
    public async Task WhileTheStoreDoesNotRespondTheLastReadingIsUsedAndTheStoreIsNotAskedAgainAtOnce()
    {
        using var store = Store();
        await store.WriteAsync("crm", new CredentialConfig { ApiKey = "k" }, Cancel);
        _secrets.IsUnavailable = true;
        var known = await store.GetAsync(CredentialStore.Now, Cancel);
        Assert.NotNull(known.Find("crm"));
        Assert.NotNull(known.Problem);
        var asked = _secrets.Readings;
        await store.GetAsync(CredentialStore.Now, Cancel);
        Assert.Equal(asked, _secrets.Readings);
        _secrets.IsUnavailable = false;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Null((await store.GetAsync(CredentialStore.Now, Cancel)).Problem);
    }

    [Fact]
    public async Task AnInvalidSecretIsIgnoredAndTheOthersAreUsed()
    {
        _secrets.All["bad"] = new CredentialConfig { ApiKey = "k", Limits = ["often"] };
        _secrets.All["good"] = new CredentialConfig { ApiKey = "k" };
        using var store = Store();
        var known = await store.GetAsync(CredentialStore.Now, Cancel);
        Assert.Equal(["good"], known.All.Keys);
    }

    [Fact]
    public async Task WithoutAStoreOnlySettingsAreUsedAndCredentialsCannotBeManaged()
    {
        using var store = new CredentialStore(Settings(Some.Credential("main")), null, _time, NullLogger<CredentialStore>.Instance);
        Assert.False(store.CanManage);
        Assert.Equal(["main"], (await store.GetAsync(CredentialStore.Now, Cancel)).All.Keys);
    }

    [Fact]
    public void TheTextOfAConfigDoesNotContainTheKey() => Assert.DoesNotContain("my-key", $"{new CredentialConfig { ApiKey = "my-key" }}", StringComparison.Ordinal);

    private CredentialStore Store(params Credential[] settings) => new(Settings(settings), _secrets, _time, NullLogger<CredentialStore>.Instance);

    private static AppSettings Settings(params Credential[] credentials) => new() { Credentials = credentials.ToDictionary(credential => credential.Name) };

    private sealed class SecretsInMemory : ISecretStore
    {
        public Dictionary<string, CredentialConfig> All { get; } = [];

        public bool IsUnavailable { get; set; }

        public int Readings { get; private set; }

        public Task<IReadOnlyDictionary<string, CredentialConfig>> ReadAllAsync(CancellationToken cancel)
        {
            Readings++;
            return IsUnavailable ? throw new HttpRequestException("unavailable") : Task.FromResult<IReadOnlyDictionary<string, CredentialConfig>>(new Dictionary<string, CredentialConfig>(All));
        }

        public Task WriteAsync(string name, CredentialConfig credential, CancellationToken cancel)
        {
            All[name] = credential;
            return Task.CompletedTask;
        }

        public Task DeleteAsync(string name, CancellationToken cancel)
        {
            All.Remove(name);
            return Task.CompletedTask;
        }
    }
}
