using System.Text;
using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Benchmarks.Hostile;

/// <summary>Requests, messages and configs that are designed to exhaust the memory. Each is processed by the code that reads it in the app.</summary>
internal static class HostileInputs
{
    private const int Megabyte = 1 << 20;
    private const string Manual = "\"credential\":\"default\",\"method\":\"POST\",\"url\":\"https://api.clockify.me/x\"";

    private static readonly string Long = new('x', 200 * 1024);

    /// <summary>The inputs by name. Each returns the reason of the refusal; null if the input was accepted.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string?>> All = new Dictionary<string, Func<string?>>
    {
        ["8 MB of broken NDJSON lines"] = () => Read(RecordsFormat.Ndjson, Fill(8 * Megabyte, "{\n")),
        ["16 MB of ["] = () => Read(RecordsFormat.Json, Fill(16 * Megabyte, "[")),
        ["5 million tiny records, NDJSON"] = () => Read(RecordsFormat.Ndjson, Fill(15 * Megabyte, "{}\n")),
        ["5 million tiny records, JSON"] = () => Read(RecordsFormat.Json, Fill(16 * Megabyte, "{},", "[", "{}]")),
        ["16 records of half a million numbers"] = () => Read(RecordsFormat.Json, Fill(16 * Megabyte - 20, $$"""{"a":[{{string.Join(',', Enumerable.Repeat('1', 500_000))}}]},""", "[", "{}]")),
        ["CSV with 400,000 columns"] = () => Read(RecordsFormat.Csv, Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 400_000)))),
        ["CSV row of 4 million values"] = () => Read(RecordsFormat.Csv, Fill(4 * Megabyte, ",", "a,b\n", "\n")),
        ["CSV whose long column names repeat in each row"] = () => Read(RecordsFormat.Csv, Fill(16 * Megabyte, $"{string.Join(',', Enumerable.Repeat('1', 900))}\n", $"{string.Join(',', Enumerable.Range(0, 900).Select(column => $"{column}{new string('n', 1000)}"))}\n")),
        ["message of 16 MB of ["] = () => Ingest(Fill(16 * Megabyte, "[")),
        ["message of 5 million tiny records"] = () => Ingest(Fill(16 * Megabyte, "{},", "[", "{}]")),
        ["message of 100,000 records of 170 bytes"] = () => Ingest(Fill(16 * Megabyte - 200, $$"""{"a":"{{new string('x', 160)}}"},""", "[", "{}]")),
        ["config with 200,000 headers"] = () => Config($$"""{{{Manual}},"headers":{ {{string.Join(',', Enumerable.Range(0, 200_000).Select(number => $"\"h{number}\":\"\""))}} } }"""),
        ["config with 200,000 exclusions"] = () => Config($$"""{{{Manual}},"excludeAttributes":[{{string.Join(',', Enumerable.Range(0, 200_000).Select(number => $"\"{number}\""))}}]}"""),
        ["config with 300,000 wrong macros"] = () => Config($$"""{{{Manual}},"bodyTemplate":"{{string.Concat(Enumerable.Repeat("{x}", 300_000))}}"}"""),
        ["date format of 60 M"] = () => Config($$"""{{{Manual}},"bodyTemplate":"{now:{{new string('M', 60)}}!}"}"""),
        ["template with 2,000 {message.json} over 200 KB"] = () => Render($$"""{{{Manual}},"bodyTemplate":"[{{string.Join(',', Enumerable.Repeat("{message.json}", 2000))}}]"}""", $$"""{"a":"{{Long}}"}"""),
        ["mapping of 1,000 fields over 1 MB"] = () => Render($$"""{{{Manual}},"mapping":{ {{string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"f{number}\":\"a\""))}} } }""", $$"""{"a":"{{new string('x', 1_000_000)}}"}"""),
        ["XML list with a long name"] = () => Render($$"""{{{Manual}},"contentType":"xml"}""", $$"""{"{{Long}}":[{{string.Join(',', Enumerable.Repeat('1', 400_000))}}]}"""),
        ["form list with a long name"] = () => Render($$"""{{{Manual}},"contentType":"form"}""", $$"""{"{{Long}}":[{{string.Join(',', Enumerable.Repeat('1', 400_000))}}]}"""),
        ["exclusion below a long name"] = () => Render($$"""{{{Manual}},"excludeAttributes":["a.b"]}""", $$"""{"{{Long}}":{ {{string.Join(',', Enumerable.Range(0, 80_000).Select(number => $"\"{number}\":1"))}} } }"""),
        ["record of 60,000 members and 1,000 exclusions"] = () => Render($$"""{{{Manual}},"excludeAttributes":[{{string.Join(',', Enumerable.Range(0, 1000).Select(number => $"\"abcd{number}\""))}}]}""", $$"""{ {{string.Join(',', Enumerable.Range(0, 60_000).Select(number => $"\"efgh{number}\":1"))}} }"""),
        ["preview of 100 records that become 10 MB each"] = PreviewAll,
        ["attributes of a long name with 80,000 members"] = () => $"{Preview.AttributesOf([JsonElement.Parse($$"""{"{{Long}}":{ {{string.Join(',', Enumerable.Range(0, 80_000).Select(number => $"\"{number}\":1"))}} } }""")]).Count} attributes",
    };

    private static Credential Credential => new("default", "some-long-key", "X-Api-Key", new Uri("https://api.clockify.me/api/v1"), [new RateWindow(10, TimeSpan.FromSeconds(1))]);

    private static string? Read(RecordsFormat format, byte[] text)
    {
        var problems = new ProblemList();
        var records = RecordsText.Read(text, format, problems, CancellationToken.None);
        return problems.Count == 0 ? null : $"{problems.Listed.Count} problem(s), {records.Count} records: {problems.Listed[^1].Message}";
    }

    private static string? Ingest(byte[] body) => RecordReader.TryRead("1", null, DateTimeOffset.UnixEpoch, body, null, out _, out var problem) ? null : problem;

    private static string? Config(string text) => TryCreate(text, out var problem) is null ? problem : null;

    private static string? Render(string config, string record) =>
        RequestRenderer.Render(TryCreate(config, out _)!, JsonElement.Parse(record), DateTimeOffset.UnixEpoch) is { Request: null } refused ? refused.Problems[0].Message : null;

    private static string? PreviewAll()
    {
        var destination = TryCreate($$"""{{{Manual}},"bodyTemplate":"[{{string.Join(',', Enumerable.Repeat("{record.a}", 1000))}}]"}""", out _)!;
        var preview = Preview.Of(destination, [.. Enumerable.Repeat(JsonElement.Parse($$"""{"a":"{{new string('x', 9000)}}"}"""), 100)], DateTimeOffset.UnixEpoch, CancellationToken.None);
        return $"{preview.Requests.Count} requests, {preview.Refused.Count} not shown";
    }

    private static Destination? TryCreate(string text, out string? problem)
    {
        problem = null;
        if (!ConfigText.TryRead(Encoding.UTF8.GetBytes(text), out var config, out var unreadable)) throw new InvalidOperationException(unreadable);
        if (Destination.TryCreate("some", config, new Dictionary<string, Credential> { ["default"] = Credential }, out var destination, out var problems)) return destination;
        problem = $"{problems.Count} problem(s): {problems[^1].Message}";
        return null;
    }

    private static byte[] Fill(int length, string part, string before = "", string after = "")
    {
        var text = new MemoryStream(length + part.Length);
        text.Write(Encoding.UTF8.GetBytes(before));
        var bytes = Encoding.UTF8.GetBytes(part);
        while (text.Length + bytes.Length + after.Length <= length) text.Write(bytes);
        text.Write(Encoding.UTF8.GetBytes(after));
        return text.ToArray();
    }
}
