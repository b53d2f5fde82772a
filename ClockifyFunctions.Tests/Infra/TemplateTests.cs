using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Tests.Configuration;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>Compares the deployment template with the expectations of the app.</summary>
[Collection(EvaluatedTemplateCollection.Name)]
public sealed partial class TemplateTests(EvaluatedTemplate template)
{
    [Fact]
    public void TheCompilerAndTheLinterReportNothing() => Assert.Equal("", template.Diagnostics);

    [Fact]
    public void TheTemplateCreatesExactlyTheQueuesOfTheApp() =>
        Assert.Equal(new[] { Queues.RecordsName, Queues.DrainName, Queues.ResponsesName }.Order(), template.Default.ByName("Microsoft.ServiceBus/namespaces/queues").Keys.Order());

    [Fact]
    public void LocksAndTimeoutsAreInTheRequiredOrder()
    {
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!;
        var renewal = TimeSpan.Parse((string)host["extensions"]!["serviceBus"]!["maxAutoLockRenewalDuration"]!, null);
        var budget = new AppSettings { Credentials = new Dictionary<string, Credential>() }.DrainTimeBudget;
        Assert.True(budget * 1.5 <= renewal);
        Assert.True(renewal < TimeSpan.Parse((string)host["functionTimeout"]!, null));

        var queues = template.Default.ByName("Microsoft.ServiceBus/namespaces/queues");
        Assert.Equal(TimeSpan.FromMinutes(5), Lock(Queues.RecordsName)); // The maximum, because the host does not renew the locks of batches.
        Assert.True(Lock(Queues.DrainName) < renewal); // Short, because the host renews it, and the ticket of a crashed process must be delivered again soon.
        Assert.All(queues.Values, queue => Assert.True((int)queue["maxDeliveryCount"]! > 1));
        Assert.All(queues.Values, queue => Assert.Null(queue["requiresSession"])); // The triggers do not use sessions.
        Assert.True((bool)queues[Queues.ResponsesName]["requiresDuplicateDetection"]!); // Repeated events have the same id.
        Assert.Null(queues[Queues.RecordsName]["requiresDuplicateDetection"]);

        TimeSpan Lock(string queue) => XmlConvert.ToTimeSpan((string)queues[queue]["lockDuration"]!);
    }

    [Fact]
    public void EverySettingThatTheAppOrItsHostReadsIsSetAndNothingElse()
    {
        string[] host = ["AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];
        var placeholders = Directory.EnumerateFiles(Path.Combine(Repository.Root, "ClockifyFunctions", "Functions"), "*", SearchOption.AllDirectories)
            .SelectMany(file => Placeholder().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));
        // Connection strings are for apps that do not use identities, the file of credentials is for local runs, and the vault is for managed credentials.
        string[] managed = ["KeyVaultUri", "KeyVault__credential", "KeyVault__clientId"];
        var read = SettingsRead.ByTheApp("default").Except(["ServiceBusConnection", "StorageConnection", "CredentialsFile"]).Except(managed);
        var set = template.Default.ByName("Microsoft.Web/sites/config")["appsettings"].AsObject().Select(setting => setting.Key);
        Assert.Equal(read.Concat(host).Concat(placeholders).Distinct().Order(), set.Order());
        Assert.Subset(template.Everything.ByName("Microsoft.Web/sites/config")["appsettings"].AsObject().Select(setting => setting.Key).ToHashSet(), managed.ToHashSet());
    }

    [Fact]
    public void EachCredentialHasItsOwnSettingsAndSecret()
    {
        var settings = template.Everything.ByName("Microsoft.Web/sites/config")["appsettings"];
        Assert.All(["default", "second"], name =>
        {
            var reference = (string?)settings[$"Credentials__{name}__ApiKey"];
            Assert.StartsWith("[format('@Microsoft.KeyVault(VaultName={0};SecretName=clockify-{1})', ", reference, StringComparison.Ordinal);
            Assert.EndsWith($", '{name}')]", reference, StringComparison.Ordinal);
        });
        Assert.Equal("", (string?)settings["Credentials__default__AllowedHosts"]);
        Assert.Equal("api.example.com", (string?)settings["Credentials__second__AllowedHosts"]);
    }

    [Fact]
    public void TheHostRunsADotNetIsolatedWorkerOnFlexConsumption()
    {
        var config = template.Default.PropertiesOf("Microsoft.Web/sites")["functionAppConfig"]!;
        Assert.Equal("""{"name":"dotnet-isolated","version":"10.0"}""", config["runtime"]!.ToJsonString());
        Assert.Equal("FC1", (string?)template.Default.Single("Microsoft.Web/serverfarms")["sku"]!["name"]);
        Assert.Contains("'packages'", (string?)config["deployment"]!["storage"]!["value"], StringComparison.Ordinal);
        Assert.Equal(["packages"], template.Default.All("Microsoft.Storage/storageAccounts/blobServices/containers").Select(container => ((string)container["name"]!).Split('/')).Where(name => name[0].StartsWith("clockifycode", StringComparison.Ordinal)).Select(name => name[^1]));
    }

    [GeneratedRegex("%([A-Z_]+)%", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
