using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.Api;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>The values of <c>samples/agency</c> without names: German dates in two columns, durations in several forms, booleans as words.</summary>
public sealed class AgencyValuesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "samples", "agency");

    [Fact]
    public void EachRowHasItsIntendedTimesOrIsRefused()
    {
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "destination.json")))!.AsObject();
        var named = config["references"]!.AsObject().Select(reference => reference.Value is JsonObject options ? (string)options["from"]! : (string)reference.Value!);
        foreach (var member in new[] { "sync", "key", "references" }) config.Remove(member);
        config["endpoint"] = "createTimeEntry";
        config["excludeAttributes"] = new JsonArray([.. named.Append("Nr").Select(name => (JsonNode)name)]);
        var destination = Written.Destination(config.ToJsonString());
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")));
        var entries = expected.RootElement.GetProperty("entries").EnumerateArray().ToDictionary(entry => entry.GetProperty("key").GetString()!);
        var invalid = expected.RootElement.GetProperty("quarantined").EnumerateArray().Where(row => row.GetProperty("kind").GetString() == "invalid").Select(row => row.GetProperty("Nr").GetString()!);

        var problems = new ProblemList();
        var (refused, compared) = (new List<string>(), 0);
        foreach (var text in RecordsText.Read(Encoding.UTF8.GetBytes(File.ReadAllText(Path.Combine(Folder, "time-entries.csv"))), RecordsFormat.Csv, problems, TestContext.Current.CancellationToken))
        {
            using var record = JsonDocument.Parse(text);
            var key = record.RootElement.GetProperty("Nr").GetString()!;
            if (RequestRenderer.Render(destination, record.RootElement, Written.Now).Request is not { } request) refused.Add(key);
            else if (entries.TryGetValue(key, out var entry))
            {
                using var body = JsonDocument.Parse(request.Body);
                foreach (var name in new[] { "start", "end", "description", "billable" }) Assert.Equal(entry.GetProperty(name).ToString(), body.RootElement.GetProperty(name).ToString());
                compared++;
            }
        }

        Assert.Empty(problems);
        Assert.Equal(invalid.Order(StringComparer.Ordinal), refused.Order(StringComparer.Ordinal));
        Assert.Equal(entries.Count, compared);
    }
}
