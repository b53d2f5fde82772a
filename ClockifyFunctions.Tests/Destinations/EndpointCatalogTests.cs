using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClockifyFunctions.Destinations;
using Json.Schema;

namespace ClockifyFunctions.Tests.Destinations;

public sealed class EndpointCatalogTests
{
    private static readonly string Folder = Path.Combine(Root(), "ClockifyFunctions", "Destinations", "Catalog");

    public static TheoryData<string> Endpoints => [.. EndpointTemplate.All.Select(endpoint => endpoint.Name)];

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileName(file)!).Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Files))]
    public void EveryFileOfTheCatalogFollowsItsSchema(string file)
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Folder, "catalog.schema.json")));
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, file)));
        var result = schema.Evaluate(json.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        var problems = (result.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Value}"));
        Assert.True(result.IsValid, string.Join('\n', problems.Take(20)));
    }

    [Fact]
    public void EveryWriteOperationOfClockifyIsATemplateOrIsExcludedWithAReason()
    {
        var operations = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Fixtures", "clockify-operations.json")))!.AsArray();
        var expected = operations.Where(one => one!["template"] is not null).Select(one => $"{(string)one!["template"]!}: {Anonymous((string)one["operation"]!)}").Order().ToArray();
        var reasons = operations.Where(one => one!["template"] is null).Select(one => (string?)one!["excluded"]).ToArray();
        Assert.Equal((111, 93, 18), (operations.Count, expected.Length, reasons.Length));
        Assert.All(reasons, reason => Assert.False(string.IsNullOrWhiteSpace(reason)));
        Assert.Equal(expected, EndpointTemplate.All.Select(endpoint => $"{endpoint.Name}: {Anonymous($"{endpoint.Verb} /v1/{endpoint.Path}")}").Order());

        // Templates use the name {id} for the placeholder of the object that a record names.
        static string Anonymous(string operation) => Regex.Replace(operation, @"\{\w+\}", "{}");
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void EveryPlaceholderOfAPathIsAnInputOrTheIdOfTheObject(string name)
    {
        var endpoint = EndpointTemplate.Find(name)!;
        string[] inputs = [.. endpoint.Inputs.Where(input => !input.Query).Select(input => input.Name), .. endpoint.Id is { } id ? [id.Name] : Array.Empty<string>()];
        Assert.Equal(inputs.Order(), Placeholders(endpoint.Path).Order());
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void TheRulesOfAnEndpointNameFieldsAndEndpointsThatExist(string name)
    {
        var endpoint = EndpointTemplate.Find(name)!;
        Assert.Empty(endpoint.Lost.Select(lost => lost.Name).Intersect(endpoint.Fields.Select(field => field.Name)));
        Check(endpoint.Fields);
        Assert.All(endpoint.Merge ?? [], rule => Assert.NotNull(endpoint.Field(rule.Field)));
        if (endpoint.Merge is not null) Assert.Equal((true, null), (endpoint.Read is not null, endpoint.Read?.List));
        if (endpoint.Read is { List: { } list }) Assert.Empty(Placeholders(list).Except(Placeholders(endpoint.Path)));
        if (endpoint.ReadBack is { } readBack)
        {
            Assert.True(endpoint is { CreatesOne: true, Format: ContentFormat.Json, ListBody: false });
            Assert.All(readBack.Same, same => Assert.NotNull(endpoint.Field(same.Sent.Split('.')[0])));
            Assert.All(Placeholders(readBack.List!).Except(Placeholders(endpoint.Path)).Except(["me"]), field => Assert.NotNull(endpoint.Field(field)));
        }

        Assert.All(endpoint.Fields.Where(field => field.Timer || field.At is not null), field => Assert.Equal(FieldType.DateTime, field.Type));
        Assert.All(endpoint.Fields.Where(field => field.Adds is not null), field => Assert.Equal(
            (FieldType.Duration, FieldType.DateTime, FieldType.DateTime), (field.Type, endpoint.Field(field.Adds!.To)?.Type, endpoint.Field(field.Adds.Gives)?.Type)));
        if (endpoint.Archive is { } archive)
        {
            var archiving = EndpointTemplate.Find(archive.Endpoint)!;
            Assert.StartsWith(endpoint.Path, archiving.Path, StringComparison.Ordinal);
            Assert.All(archive.Set.EnumerateObject(), member => Assert.NotNull(archiving.Field(member.Name)));
        }

        static void Check(IReadOnlyList<TemplateField> fields)
        {
            Assert.Equal(fields.Count, fields.Select(field => field.Name).Distinct().Count());
            foreach (var field in fields)
            {
                Assert.Equal(field.Type is FieldType.Choice or FieldType.Choices, field.Values.Count > 0);
                Assert.Equal(field.Type is FieldType.Object or FieldType.Objects, field.Fields.Count > 0);
                Assert.All(field.Lists.Keys, listed => Assert.Contains(listed, fields.Select(one => one.Name)));
                Check(field.Fields);
            }
        }
    }

    [Fact]
    public void EveryReferenceNamesALookup()
    {
        var lookups = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "lookups.json")))!["lookups"]!.AsObject().Select(lookup => lookup.Key).ToHashSet();
        var found = 0;
        foreach (var file in Files.Select(row => (string)row.Data!).Where(file => file != "lookups.json"))
            Visit(JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!);
        Assert.True(found > 250, $"Only {found} references were looked at.");

        void Visit(JsonNode node)
        {
            if (node is JsonArray list)
            {
                foreach (var item in list) if (item is not null) Visit(item);
                return;
            }

            foreach (var (name, value) in node as JsonObject ?? [])
            {
                if (name is "refersTo" or "object" && value is JsonValue text) Known((string)text!);
                else if (name == "lookups") foreach (var (_, one) in value!.AsObject()) Known((string)one!);
                else if (name is not ("example" or "set" or "default") && value is not null) Visit(value);
            }
        }

        void Known(string lookup)
        {
            found++;
            Assert.Contains(lookup, lookups);
        }
    }

    [Fact]
    public void AGroupListsItsCommonEndpointsFirst()
    {
        foreach (var group in EndpointTemplate.All.GroupBy(endpoint => endpoint.Group))
            Assert.Equal(group.OrderBy(endpoint => endpoint.Tier).Select(endpoint => endpoint.Name), group.Select(endpoint => endpoint.Name));
        Assert.Equal("Time entries", EndpointTemplate.All[0].Group);
        Assert.Equal(EndpointTemplate.All.Select(endpoint => endpoint.Title).Distinct().Count(), EndpointTemplate.All.Count);
    }

    [Fact]
    public void TheRulesOfALookupNameEndpointsThatExist()
    {
        Assert.All(EndpointCatalog.Lookups.Values, lookup =>
        {
            if (lookup is { Within: not null, Says: not null }) Assert.NotNull(lookup.Parent);
            if (lookup.Create is { } create) Assert.NotNull(EndpointTemplate.Find(create)!.Field(lookup.By[0]));
            if (lookup.Restore is { } restore) Assert.All(restore.Set.EnumerateObject(), member => Assert.NotNull(EndpointTemplate.Find(restore.Endpoint)!.Field(member.Name)));
            if (lookup.Restore is not null) Assert.NotNull(lookup.Archived);
            Assert.Equal(lookup.Says is null, lookup.SaysMany is null);
            if (lookup.Says is not null) Assert.True(lookup is { List: not null, By.Count: > 0 });
        });
        Assert.All(EndpointTemplate.All, endpoint =>
        {
            Assert.Contains(endpoint.Object, EndpointCatalog.Lookups.Keys);
            // A config can tell the places apart.
            Assert.Equal(endpoint.Slots.Count, endpoint.Slots.Select(slot => slot.Name).Distinct().Count());
        });
    }

    private static IEnumerable<string> Placeholders(string path) => Regex.Matches(path, @"\{(\w+)\}").Select(match => match.Groups[1].Value);

    private static string Root([CallerFilePath] string caller = "") => caller[..caller.IndexOf("ClockifyFunctions.Tests", StringComparison.Ordinal)];
}
