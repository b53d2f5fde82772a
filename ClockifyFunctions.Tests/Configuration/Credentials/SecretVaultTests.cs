using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using ClockifyFunctions.Configuration.Credentials;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Configuration.Credentials;

public sealed class SecretVaultTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly FakeVault _vault;

    public SecretVaultTests() => _vault = new FakeVault(_time);

    public void Dispose() => _vault.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWrittenCredentialIsReadUntilItIsDeleted()
    {
        var (writer, reader) = (Vault(), Vault());
        await writer.WriteAsync("crm", new CredentialConfig { ApiKey = "k", AllowedHosts = ["hooks.example.com"] }, Cancel);
        var read = (await reader.ReadAllAsync(Cancel))["crm"];
        Assert.Equal(("k", "hooks.example.com"), (read.ApiKey, Assert.Single(read.AllowedHosts!)));
        await writer.DeleteAsync("crm", Cancel);
        await writer.DeleteAsync("crm", Cancel); // The second deletion has no effect.
        Assert.Empty(await reader.ReadAllAsync(Cancel));
    }

    [Fact]
    public async Task ADeletedNameCanBeUsedAgain()
    {
        var vault = Vault();
        await vault.WriteAsync("crm", new CredentialConfig { ApiKey = "old" }, Cancel);
        await vault.DeleteAsync("crm", Cancel);
        await vault.WriteAsync("crm", new CredentialConfig { ApiKey = "new" }, Cancel);
        Assert.Equal("new", (await vault.ReadAllAsync(Cancel))["crm"].ApiKey);
    }

    [Fact]
    public async Task OtherSecretsOfTheVaultAreIgnored()
    {
        _vault.Put("clockify-default", "a key of a setting");
        _vault.Put("clockify-managed-broken", "{");
        Assert.Empty(await Vault().ReadAllAsync(Cancel));
        Assert.DoesNotContain(_vault.Requests, request => request.Contains("clockify-default", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASecretIsReadAgainOnlyAfterItHasChanged()
    {
        _vault.Put("clockify-managed-crm", """{"apiKey":"old"}""");
        var vault = Vault();
        _time.Advance(TimeSpan.FromMinutes(1));
        await vault.ReadAllAsync(Cancel);
        _vault.Requests.Clear();
        await vault.ReadAllAsync(Cancel);
        Assert.Equal(["GET /secrets"], _vault.Requests);
        _vault.Put("clockify-managed-crm", """{"apiKey":"new"}""");
        Assert.Equal("new", (await vault.ReadAllAsync(Cancel))["crm"].ApiKey);
        // The vault stores times in whole seconds. A second change within the same second must be noticed too.
        _vault.Put("clockify-managed-crm", """{"apiKey":"newest"}""");
        Assert.Equal("newest", (await vault.ReadAllAsync(Cancel))["crm"].ApiKey);
    }

    private SecretVault Vault() => new(new SecretClient(
        new Uri("https://contoso.vault.azure.net"), new NoToken(), new SecretClientOptions { Transport = new HttpClientTransport(new HttpClient(_vault, disposeHandler: false)) }));

    private sealed class NoToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("token", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
