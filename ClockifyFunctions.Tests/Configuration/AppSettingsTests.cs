using System.Text.Json.Nodes;
using Azure.Identity;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace ClockifyFunctions.Tests.Configuration;

public class AppSettingsTests
{
    [Theory]
    [InlineData("30/01:00:00", true)]
    [InlineData("10/00:00:01;1/00:02:00", true)]
    [InlineData("29/01:00:00", false)]
    [InlineData("10/00:00:01;3/01:00:00", false)]
    public void ALimitBelowOneCallInTwoMinutesIsRefused(string limits, bool isTaken)
    {
        Read(out var problems, ("Credentials:x:ApiKey", "k"), ("Credentials:x:Limits", limits));
        Assert.Equal(!isTaken, problems.Any(problem => problem.Contains("less than one call in two minutes", StringComparison.Ordinal)));
    }

    [Fact]
    public void AllProblemsAreReportedTogetherWithTheirSettings()
    {
        Read(out var problems, ("Drain:TimeBudget", "soon"), ("Credentials:Bad Name:Limits", "fast"), ("Credentials:x:ApiKey", "k"), ("Credentials:x:BaseUrl", "api"));
        string[] expected = ["Drain__TimeBudget", "Credentials__Bad Name:", "Credentials__Bad Name__ApiKey", "Credentials__Bad Name__Limits", "Credentials__x__BaseUrl", "ServiceBusConnection", "StorageConnection"];
        Assert.Equal(expected.Length, problems.Count);
        Assert.All(expected, name => Assert.Contains(problems, problem => problem.StartsWith(name, StringComparison.Ordinal)));
        Assert.DoesNotContain(problems, problem => problem.Contains("'k'", StringComparison.Ordinal));
    }

    [Fact]
    public void ACredentialWithOnlyAKeyUsesTheGlobalApiAndTenCallsPerSecond()
    {
        var settings = Read(out var problems, ("ServiceBusConnection:fullyQualifiedNamespace", "x.servicebus.windows.net"), ("StorageConnection:blobServiceUri", "https://x.blob.core.windows.net"), ("Credentials:main:ApiKey", "k"));
        Assert.Empty(problems);
        var credential = settings.Credentials["main"];
        Assert.Equal("https://api.clockify.me/api/v1", credential.BaseUrl.AbsoluteUri);
        Assert.Equal("10/00:00:01", Assert.Single(credential.Limits).ToString());
        Assert.DoesNotContain("k ", credential.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait(Categories.Name, Categories.Security)]
    [InlineData("BaseUrl", "http://api.clockify.me/api/v1", "https")]
    [InlineData("BaseUrl", "http://10.0.0.1/api/v1", "https")]
    [InlineData("BaseUrl", "http://127.0.0.1:8081/api/v1", null)]
    [InlineData("BaseUrl", "http://localhost:8081/api/v1", null)]
    [InlineData("AllowedHosts", "hooks.example.com;hooks.example.com:8443;http://inside.example.com:8080;https://b.example.com", null)]
    [InlineData("AllowedHosts", "ftp://hooks.example.com", "is not a host")]
    [InlineData("AllowedHosts", "http://hooks.example.com/path", "is not a host")]
    [InlineData("AllowedHosts", "user@hooks.example.com", "is not a host")]
    [InlineData("InlineConfigs", "some", "none, endpoints or all")]
    [InlineData("InlineConfigs", "all", null)]
    [InlineData("Workspaces", "64a687e29ae1f428e7ebe303;64a687e29ae1f428e7ebe304", null)]
    [InlineData("Workspaces", "mine", "is not a Clockify id")]
    public void SettingsThatWeakenTheProtectionOfAKeyMustBeExplicitOrAreRefused(string setting, string value, string? problem)
    {
        Read(out var problems, ("ServiceBusConnection:fullyQualifiedNamespace", "x.servicebus.windows.net"), ("StorageConnection:blobServiceUri", "https://x.blob.core.windows.net"), ("Credentials:main:ApiKey", "k"), ($"Credentials:main:{setting}", value));
        if (problem is null) Assert.Empty(problems);
        else Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSampleNamesEverySettingTheAppReadsAndItsValuesAreAccepted()
    {
        var values = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "local.settings.sample.json")))!["Values"]!.AsObject()
            .Where(pair => !pair.Key.StartsWith("//", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => (string)pair.Value!);
        Assert.Equal(
            SettingsRead.ByTheApp("default").Concat(["FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "SWEEP_SCHEDULE"]).Order(),
            values.Keys.Order());
        Read(out var problems, [.. values.Select(pair => (pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value))]);
        Assert.Empty(problems);
    }

    [Fact]
    public void IdentityBasedConnectionsAreReadLikeInTheHost()
    {
        var settings = Read(out var problems,
            ("ServiceBusConnection:fullyQualifiedNamespace", "x.servicebus.windows.net"), ("ServiceBusConnection:credential", "managedidentity"), ("ServiceBusConnection:clientId", ClientId),
            ("StorageConnection:blobServiceUri", "https://x.blob.core.windows.net"), ("StorageConnection:credential", "ManagedIdentity"));
        Assert.Empty(problems);
        Assert.Equal(new ConnectionIdentity(IsManaged: true, ClientId), settings.ServiceBusIdentity);
        Assert.Equal(new ConnectionIdentity(IsManaged: true), settings.StorageIdentity);
        Assert.IsType<ManagedIdentityCredential>(settings.ServiceBusIdentity.Credential());
        Assert.IsType<ManagedIdentityCredential>(settings.StorageIdentity.Credential());
        Assert.IsType<DefaultAzureCredential>(new ConnectionIdentity().Credential());

        Assert.Equal("x.servicebus.windows.net", ServiceBusConnection.Open(settings).FullyQualifiedNamespace);
        Assert.Equal("https://x.blob.core.windows.net/gates", new BlobAccount(settings).Gates.Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("Authorization=AAD", null)]
    [InlineData("ClientId=" + ClientId + ";Authorization=AAD", ClientId)]
    public void ApplicationInsightsSettingsAreReadLikeInTheHost(string authentication, string? clientId)
    {
        const string connection = "InstrumentationKey=" + ClientId + ";IngestionEndpoint=https://x.in.applicationinsights.azure.com/";
        var settings = Read(out _, ("APPLICATIONINSIGHTS_CONNECTION_STRING", connection), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", authentication));
        Assert.Equal((connection, new ConnectionIdentity(IsManaged: true, clientId)), (settings.InsightsConnection, settings.InsightsIdentity));
    }

    [Fact]
    public void AConnectionStringTakesPrecedenceOverAnIdentityLikeInTheHost()
    {
        var settings = Read(out _,
            ("ServiceBusConnection", "Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=k"), ("ServiceBusConnection:fullyQualifiedNamespace", "b.servicebus.windows.net"));
        Assert.Equal("a.servicebus.windows.net", ServiceBusConnection.Open(settings).FullyQualifiedNamespace);
    }

    [Theory]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "https://x.servicebus.windows.net/", "ServiceBusConnection__fullyQualifiedNamespace")]
    [InlineData("ServiceBusConnection:credential", "password", "ServiceBusConnection__credential")]
    [InlineData("StorageConnection:clientId", "me", "StorageConnection__clientId")]
    [InlineData("StorageConnection:blobServiceUri", "x.blob.core.windows.net", "StorageConnection__blobServiceUri")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "a secret", "APPLICATIONINSIGHTS_CONNECTION_STRING has no InstrumentationKey")]
    [InlineData("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=mine", "APPLICATIONINSIGHTS_CONNECTION_STRING has no InstrumentationKey")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "ClientId=me;Authorization=AAD", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING")]
    [InlineData("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "Authorization=Key", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING")]
    [InlineData("Credentials:acme-billing:ApiKey", "k", "Credentials__acme-billing: 'acme-billing' is not a valid credential name")]
    public void InvalidSettingsAreRefusedByName(string key, string value, string expected)
    {
        Read(out var problems, ("ServiceBusConnection", Emulator), ("StorageConnection", "UseDevelopmentStorage=true"), (key, value));
        Assert.StartsWith(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("@Microsoft.KeyVault(VaultName=v;SecretName=clockify-main)", "Credentials__main__ApiKey is a Key Vault reference that was not resolved")]
    [InlineData("my secret", "Credentials__main__ApiKey contains a space")]
    [InlineData("mysecret\u00e9", "Credentials__main__ApiKey contains a space")]
    [InlineData(" mysecret\r\n", null)]
    public void AnUnusableKeyDoesNotAffectOtherCredentials(string key, string? expected)
    {
        var settings = Read(out var problems, ("ServiceBusConnection", Emulator), ("StorageConnection", "UseDevelopmentStorage=true"), ("Credentials:main:ApiKey", key), ("Credentials:other:ApiKey", "k"));
        Assert.Empty(problems);
        Assert.Null(settings.Credentials["other"].Unusable);
        var main = settings.Credentials["main"];
        if (expected is not null) Assert.StartsWith(expected, main.Unusable, StringComparison.Ordinal);
        else Assert.Equal((null, "mysecret"), (main.Unusable, main.ApiKey));
        Assert.DoesNotContain("mysecret", main.Unusable ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("X-Addon-Token", true)]
    [InlineData("X Api Key", false)]
    [InlineData("X-Api-Key:", false)]
    public void TheHeaderOfAKeyMustBeAValidName(string header, bool isRight)
    {
        var settings = Read(out var problems, ("ServiceBusConnection", Emulator), ("StorageConnection", "UseDevelopmentStorage=true"), ("Credentials:main:ApiKey", "k"), ("Credentials:main:Header", header));
        if (isRight) Assert.Equal(header.Length > 0 ? header : "X-Api-Key", settings.Credentials["main"].Header);
        else Assert.StartsWith("Credentials__main__Header", Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my secret", "is not a list of name=value")]
    [InlineData("SharedAccessKeyName=n;SharedAccessKey=my secret", "has no Endpoint=sb://")]
    [InlineData("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKey=my secret", "has no SharedAccessKeyName and SharedAccessKey")]
    public void AnInvalidConnectionStringIsRefusedAtStartAndNotQuoted(string connection, string expected)
    {
        Read(out var problems, ("ServiceBusConnection", connection), ("StorageConnection", "my secret"));
        Assert.StartsWith($"ServiceBusConnection {expected}", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("StorageConnection names no account", problems[1], StringComparison.Ordinal);
        Assert.DoesNotContain("my secret", string.Concat(problems), StringComparison.Ordinal);
    }

    private const string Emulator = "Endpoint=sb://127.0.0.1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true";

    private const string ClientId = "6d3a5c52-1111-4222-8333-444455556666";

    private static AppSettings Read(out IReadOnlyList<string> problems, params (string Key, string Value)[] values) =>
        AppSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build(), out problems);
}
