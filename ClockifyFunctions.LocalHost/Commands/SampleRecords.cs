using System.Globalization;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>The records of a demo run.</summary>
internal static class SampleRecords
{
    /// <summary>Reads the sample records, a given number of them (repeated records get new descriptions), or the records of an NDJSON file.</summary>
    public static IReadOnlyList<string> Read(string? choice)
    {
        if (!int.TryParse(choice, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return ReadLines(choice ?? Repository.Sample);
        var samples = ReadLines(Repository.Sample);
        return [.. Enumerable.Range(0, count).Select(index => index < samples.Count ? samples[index] : Again(samples[index % samples.Count], index / samples.Count))];
    }

    private static List<string> ReadLines(string file) => [.. File.ReadLines(file).Where(line => !string.IsNullOrWhiteSpace(line))];

    private static string Again(string record, int round)
    {
        var json = JsonNode.Parse(record)!.AsObject();
        json["description"] = string.Create(CultureInfo.InvariantCulture, $"{json["description"]} ({round + 1})");
        return json.ToJsonString();
    }
}
