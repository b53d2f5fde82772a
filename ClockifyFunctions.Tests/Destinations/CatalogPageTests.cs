using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Tests.Destinations;

public sealed class CatalogPageTests
{
    private const string Marker = "UPDATE_GOLDEN=1 writes it. -->\n";

    [Fact]
    public void ThePageListsEveryEndpointAndTheExcludedOperations()
    {
        var path = Path.Combine(Root(), "docs", "catalog.md");
        var page = File.ReadAllText(path);
        var expected = page[..(page.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)] + Table();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(path, page = expected);
        Assert.Equal(expected, page);
    }

    private static string Table()
    {
        var page = new StringBuilder("\n## All endpoints\n");
        foreach (var group in EndpointTemplate.All.GroupBy(endpoint => endpoint.Group))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n### {group.Key}\n\n| Endpoint | What it does | Call | Uncertain call | Needs |\n| --- | --- | --- | --- | --- |\n");
            foreach (var endpoint in group)
                page.Append(CultureInfo.InvariantCulture, $"| `{endpoint.Name}`{(endpoint.Tier == Tier.Rare ? ", rare" : "")} | {endpoint.Description} | `{endpoint.Verb} {endpoint.Path}` | {Uncertain(endpoint)} | {Needs(endpoint)} |\n");
        }

        page.Append("\n## What is left out\n\n| Operation | Reason |\n| --- | --- |\n");
        foreach (var operation in JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "clockify-operations.json")))!.AsArray().Where(one => one!["excluded"] is not null))
            page.Append(CultureInfo.InvariantCulture, $"| `{operation!["operation"]}` | {operation["excluded"]} |\n");
        return page.ToString();
    }

    private static string Uncertain(EndpointTemplate endpoint) =>
        endpoint switch
        {
            { ReadBack: not null } => "looked for; sent again if absent",
            { CreatesOne: true } => "quarantine",
            { EndsWhatItFinds: true } or { Repeat: Repeatability.Gone, Read: null } => "sent again; a refusal goes to quarantine",
            _ => "sent again",
        };

    private static string Needs(EndpointTemplate endpoint) =>
        string.Join(", ", new[] { endpoint.Feature, endpoint.AdminOnly ? "admin" : null }.OfType<string>());

    private static string Root([CallerFilePath] string caller = "") => caller[..caller.IndexOf("ClockifyFunctions.Tests", StringComparison.Ordinal)];
}
