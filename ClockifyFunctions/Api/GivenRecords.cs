using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>The records in the body of a request: as JSON, or as a text in one of the formats. Pure.</summary>
internal static class GivenRecords
{
    /// <summary>Maximum number of records that one request uses.</summary>
    public const int Most = 100;

    /// <returns>Null if the request has no records.</returns>
    public static IReadOnlyList<JsonElement>? Read(string? text, string? formatName, IReadOnlyList<JsonElement>? given, int most, ProblemList problems, CancellationToken cancel)
    {
        if (text is not null)
        {
            var format = Choices.Read(formatName, RecordsFormat.Json, "$.recordsFormat", problems);
            if (string.IsNullOrWhiteSpace(text) || problems.Count > 0) return [];
            var utf8 = RecordsEncoding.ToUtf8(Encoding.UTF8.GetBytes(text), format, null, problems, out _);
            return problems.Count > 0 ? [] : [.. RecordsText.Read(utf8, format, problems, cancel).Take(most).Select(record => JsonElement.Parse(record.Span))];
        }

        foreach (var (index, record) in (given ?? []).Take(most).Index())
            if (RecordReader.ProblemOf(JsonMarshal.GetRawUtf8Value(record)) is { } problem) problems.Add(new Problem($"$.records[{index}]", problem));
        return given is null ? null : [.. given.Take(most)];
    }
}
