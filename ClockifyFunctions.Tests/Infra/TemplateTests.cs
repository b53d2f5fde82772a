using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Tests.Configuration;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>The deployment against the app: what one says and the other expects.</summary>
public sealed partial class TemplateTests(CompiledTemplate template) : IClassFixture<CompiledTemplate>
{
    private const string Owner = "090c5cfd-751d-490a-894a-3ce6f1109419", Sender = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39";

    [Fact]
    public void CompilesWithoutAWord() => Assert.Equal((0, ""), (template.ExitCode, template.Diagnostics));

    [Fact]
    public async Task TheParametersFileFits()
    {
        var (exitCode, _, diagnostics) = await CompiledTemplate.BicepAsync("build-params", Path.Combine(Repository.Root, "infra", "main.bicepparam"), "--stdout");
        Assert.Equal((0, ""), (exitCode, diagnostics));
    }

    [Fact]
    public void NoKeyOpensAnything()
    {
        var storage = template.Single("Microsoft.Storage/storageAccounts")["properties"]!;
        Assert.False((bool)storage["allowSharedKeyAccess"]!);
        Assert.False((bool)storage["allowBlobPublicAccess"]!);
        Assert.True((bool)template.Single("Microsoft.ServiceBus/namespaces")["properties"]!["disableLocalAuth"]!);
        Assert.True((bool)template.Single("Microsoft.KeyVault/vaults")["properties"]!["enableRbacAuthorization"]!);
        Assert.True((bool)template.Single("Microsoft.Insights/components")["properties"]!["DisableLocalAuth"]!);
        var uploads = template.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies");
        Assert.Equal(2, uploads.Count);
        Assert.All(uploads, policy => Assert.False((bool)policy["properties"]!["allow"]!));
        Assert.All(template.All("Microsoft.Storage/storageAccounts/blobServices/containers"), container => Assert.Equal("None", (string?)container["properties"]!["publicAccess"]));
    }

    [Fact]
    public void NothingSpeaksBelowTls12()
    {
        var storage = template.Single("Microsoft.Storage/storageAccounts")["properties"]!;
        Assert.Equal("TLS1_2", (string?)storage["minimumTlsVersion"]);
        Assert.True((bool)storage["supportsHttpsTrafficOnly"]!);
        Assert.Equal("1.2", (string?)template.Single("Microsoft.ServiceBus/namespaces")["properties"]!["minimumTlsVersion"]);
        var app = template.Single("Microsoft.Web/sites")["properties"]!;
        Assert.True((bool)app["httpsOnly"]!);
        Assert.Equal("1.2", (string?)app["siteConfig"]!["minTlsVersion"]);
    }

    [Fact]
    public void TheAppHasTheseRolesAndNoOthers()
    {
        var roles = template.All("Microsoft.Authorization/roleAssignments")
            .Select(role => (Scope: ScopeType().Match((string)role["scope"]!).Groups["type"].Value, Role: RoleOf(role)))
            .Order();
        Assert.Equal(
            [
                ("Microsoft.Insights/components", "3913510d-42f4-4e42-8a64-420c390055eb"), // Monitoring Metrics Publisher
                ("Microsoft.KeyVault/vaults", "4633458b-17de-408a-b874-0445c86b69e6"), // Key Vault Secrets User
                ("Microsoft.KeyVault/vaults", "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"), // Key Vault Secrets Officer, for the writer of keys
                ("Microsoft.ServiceBus/namespaces/queues", Owner), // records
                ("Microsoft.ServiceBus/namespaces/queues", Owner), // drain
                ("Microsoft.ServiceBus/namespaces/queues", Sender), // responses
                ("Microsoft.Storage/storageAccounts", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b"), // Storage Blob Data Owner
            ],
            roles);
    }

    [Fact]
    public void QueuesAreThoseTheAppReadsAndWrites()
    {
        var triggers = AppFunctions.Triggers("serviceBusTrigger").Values.Select(trigger => (string)trigger["queueName"]!);
        string[] expected = [.. triggers.Append(Queues.RecordsName).Append(Queues.DrainName).Append(Queues.ResponsesName).Distinct().Order()];
        Assert.Equal(3, expected.Length);
        Assert.Equal(expected, QueueProperties().Keys.Order());

        // The roles follow: all of a queue that triggers, only sending to the one that does not.
        var rights = template.All("Microsoft.Authorization/roleAssignments")
            .Select(role => (Queue: expected.FirstOrDefault(name => ((string)role["scope"]!).Contains(name, StringComparison.Ordinal)), Role: RoleOf(role)))
            .Where(right => right.Queue is not null)
            .ToDictionary(right => right.Queue!, right => right.Role);
        Assert.Equal(new() { [Queues.RecordsName] = Owner, [Queues.DrainName] = Owner, [Queues.ResponsesName] = Sender }, rights);
    }

    [Fact]
    public void LocksAndTimeoutsStandInTheOrderTheDesignNeeds()
    {
        var host = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "host.json")))!;
        var renewal = TimeSpan.Parse((string)host["extensions"]!["serviceBus"]!["maxAutoLockRenewalDuration"]!, null);
        var budget = new AppSettings { Credentials = new Dictionary<string, ClockifyFunctions.Configuration.Credential>() }.DrainTimeBudget;
        Assert.True(budget * 1.5 <= renewal);
        Assert.True(renewal < TimeSpan.Parse((string)host["functionTimeout"]!, null));

        var queues = QueueProperties();
        Assert.Equal(TimeSpan.FromMinutes(5), Lock(Queues.RecordsName)); // The longest there is: batches are not renewed.
        Assert.True(Lock(Queues.DrainName) < renewal); // Renewed; short, so that a dead process's ticket returns soon.
        Assert.All(queues.Values, queue => Assert.True((int)queue["maxDeliveryCount"]! > 1));
        Assert.All(queues.Values, queue => Assert.Null(queue["requiresSession"])); // The triggers are not session-aware.
        Assert.True((bool)queues[Queues.ResponsesName]["requiresDuplicateDetection"]!); // Events are repeated under their id.
        Assert.Null(queues[Queues.RecordsName]["requiresDuplicateDetection"]);

        TimeSpan Lock(string queue) => XmlConvert.ToTimeSpan((string)queues[queue]["lockDuration"]!);
    }

    [Fact]
    public void EverySettingTheAppOrItsHostReadsIsSetAndNothingElse()
    {
        string[] host = ["AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];
        var placeholders = AppFunctions.All.Values.SelectMany(bindings => Placeholder().Matches(bindings.ToJsonString()).Select(match => match.Groups[1].Value));
        // Connection strings are for those who do without identities.
        var read = SettingsRead.ByTheApp("x").Select(name => name.Replace("__x__", "__{0}__", StringComparison.Ordinal)).Except(["ServiceBusConnection", "StorageConnection"]);
        var settings = template.Single("Microsoft.Web/sites/config");
        Assert.Contains("appsettings", (string)settings["name"]!, StringComparison.Ordinal);
        var set = SettingName().Matches((string)settings["properties"]!).Select(match => match.Groups[1].Value);
        Assert.Equal(read.Concat(host).Concat(placeholders).Distinct().Order(), set.Order());
    }

    [Fact]
    public void TheHostRunsOurBinaryAndNoRuntimeOfItsOwn()
    {
        var config = template.Single("Microsoft.Web/sites")["properties"]!["functionAppConfig"]!;
        Assert.Equal("""{"name":"custom","version":"1.0"}""", config["runtime"]!.ToJsonString());
        Assert.Equal("FC1", (string?)template.Single("Microsoft.Web/serverfarms")["sku"]!["name"]);
        Assert.EndsWith("/packages', variables('blobs'))]", (string?)config["deployment"]!["storage"]!["value"], StringComparison.Ordinal);
    }

    [Fact]
    public void EveryResourceWithSomethingToSayIsHeard() =>
        Assert.Equal(4, template.All("Microsoft.Insights/diagnosticSettings").Count); // Storage, vault, Service Bus, app.

    private Dictionary<string, JsonObject> QueueProperties() =>
        template.All("Microsoft.ServiceBus/namespaces/queues").ToDictionary(queue => QueueName().Match((string)queue["name"]!).Groups[1].Value, queue => queue["properties"]!.AsObject());

    /// <summary>The id goes by a variable whose value stands in the module.</summary>
    private static string RoleOf(JsonObject role)
    {
        var variable = RoleVariable().Match((string)role["properties"]!["roleDefinitionId"]!).Groups[1].Value;
        return (string)role.Root.AsObject().Variable(variable)!;
    }

    [GeneratedRegex(@"^\[resourceId\('(?<type>[^']+)'")]
    private static partial Regex ScopeType();

    [GeneratedRegex(@"variables\('(\w+)'\)")]
    private static partial Regex RoleVariable();

    [GeneratedRegex(@"'(clockify-[a-z]+)'")]
    private static partial Regex QueueName();

    [GeneratedRegex("%([A-Z_]+)%")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"'([A-Z]\w*(?:__(?:\{0\}__)?[A-Za-z]+|_[A-Z]+)+)'")]
    private static partial Regex SettingName();
}

file static class Json
{
    /// <summary>The value of the first variable of this name, anywhere in the template: names of roles are unique.</summary>
    public static string? Variable(this JsonObject node, string variable)
    {
        if (node["variables"] is JsonObject variables && variables[variable] is { } value) return (string?)value;
        foreach (var child in node.Select(pair => pair.Value).SelectMany(child => child is JsonArray list ? list.AsEnumerable() : [child]))
            if (child is JsonObject inner && inner.Variable(variable) is { } found) return found;
        return null;
    }
}
