using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>The resources that a deployment would create. Values that only Azure knows remain expressions.</summary>
internal sealed partial class PredictedResources(IReadOnlyList<JsonObject> resources)
{
    public const string Subscription = "00000000-0000-0000-0000-000000000001", Tenant = "00000000-0000-0000-0000-000000000002";

    public static PredictedResources Parse(string snapshot)
    {
        var root = JsonNode.Parse(snapshot)!;
        Assert.Empty(root["diagnostics"]!.AsArray());
        return new([.. root["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())]);
    }

    /// <summary>The resource providers of all resources.</summary>
    public IEnumerable<string> Providers => resources.Select(resource => ((string)resource["type"]!).Split('/')[0]).Distinct();

    public IReadOnlyList<JsonObject> All(string type) => [.. resources.Where(resource => (string?)resource["type"] == type)];

    public JsonObject Single(string type) => Assert.Single(All(type));

    public JsonNode PropertiesOf(string type) => Single(type)["properties"]!;

    /// <summary>The properties of each resource of a type, by the last part of its name.</summary>
    public Dictionary<string, JsonNode> ByName(string type) => All(type).ToDictionary(resource => ((string)resource["name"]!).Split('/')[^1], resource => resource["properties"]!);

    /// <summary>The role assignments: the identity ("app") or object id, the id of the role, and the scope ("data", "clockify-records", "vaults").</summary>
    public IEnumerable<(string Holder, string Role, string Scope)> Roles =>
        from assignment in All("Microsoft.Authorization/roleAssignments")
        let properties = assignment["properties"]!
        let principal = (string)properties["principalId"]!
        let identity = IdentityModule().Match(principal)
        select (identity.Success ? identity.Groups[1].Value : principal, ((string)properties["roleDefinitionId"]!).Split('/')[^1], ScopeOf(assignment));

    /// <summary>The purpose of a storage account, otherwise the name of a queue, otherwise the kind of resource.</summary>
    private static string ScopeOf(JsonObject extension)
    {
        var scope = ((string)extension["id"]!).Split("/providers/")[^2];
        var storage = StorageAccount().Match(scope);
        if (storage.Success) return storage.Groups[1].Value;
        var parts = scope.Split('/');
        return parts[^2] == "queues" ? parts[^1] : parts[^2];
    }

    [GeneratedRegex(@"format\('(app|host|package)Identity-", RegexOptions.NonBacktracking)]
    private static partial Regex IdentityModule();

    [GeneratedRegex("storageAccounts/clockify(data|host|code)", RegexOptions.NonBacktracking)]
    private static partial Regex StorageAccount();
}
