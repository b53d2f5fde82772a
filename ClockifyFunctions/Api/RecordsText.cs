using System.Text;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Functions.IngestRecords;
using ClockifyFunctions.Ingest;
using Sylvan.Data.Csv;

namespace ClockifyFunctions.Api;

/// <summary>How a text holds records.</summary>
internal enum RecordsFormat
{
    /// <summary>One object, or an array of objects.</summary>
    Json,

    /// <summary>An object per line.</summary>
    Ndjson,

    /// <summary>The first line names the attributes; values are texts, and an empty one is left out.</summary>
    Csv,
}

/// <summary>Reads records from what a person pastes, uploads or posts. Reports every problem, with its line, row or element. Pure.</summary>
internal static class RecordsText
{
    /// <summary>The library's own.</summary>
    private const int FirstBuffer = 16 * 1024;

    public static RecordsFormat? FormatOf(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        null or "" or "application/json" => RecordsFormat.Json,
        "application/x-ndjson" or "application/jsonl" or "application/ndjson" => RecordsFormat.Ndjson,
        "text/csv" => RecordsFormat.Csv,
        _ => null,
    };

    public static IReadOnlyList<JsonElement> Read(string text, RecordsFormat format, List<Problem> problems) => format switch
    {
        RecordsFormat.Ndjson => ReadLines(text, problems),
        RecordsFormat.Csv => ReadCsv(text, problems),
        _ => ReadJson(text, problems),
    };

    private static List<JsonElement> ReadJson(string text, List<Problem> problems)
    {
        if (Parse(text, "$", problems) is not { } root) return [];
        var records = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToList() : [root];
        for (var index = 0; index < records.Count; index++)
            Check(records[index], root.ValueKind == JsonValueKind.Array ? $"$[{index}]" : "$", problems);
        return records;
    }

    private static List<JsonElement> ReadLines(string text, List<Problem> problems)
    {
        var records = new List<JsonElement>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line) || Parse(line, $"line {number}", problems) is not { } record) continue;
            Check(record, $"line {number}", problems);
            records.Add(record);
        }

        return records;
    }

    private static List<JsonElement> ReadCsv(string text, List<Problem> problems)
    {
        var records = new List<JsonElement>();
        try
        {
            using var csv = CsvDataReader.Create(new StringReader(text), new CsvDataReaderOptions { HasHeaders = true, BufferSize = FirstBuffer, MaxBufferSize = 4 * BacklogRecord.MaxBytes });
            var names = Enumerable.Range(0, csv.FieldCount).Select(column => csv.GetName(column).Trim()).ToArray();
            if (names.Any(name => name.Length == 0)) problems.Add(new Problem("line 1", "has a column without a name; name every attribute in the first line."));
            foreach (var name in names.Where(name => name.Length > 0).CountBy(name => name).Where(name => name.Value > 1)) problems.Add(new Problem("line 1", $"names '{name.Key}' {name.Value} times."));
            while (csv.Read())
            {
                if (csv.RowFieldCount == 1 && names.Length > 1 && csv.GetString(0).Length == 0) continue; // An empty line.
                if (csv.RowFieldCount != names.Length)
                {
                    problems.Add(new Problem($"row {csv.RowNumber}", $"has {csv.RowFieldCount} values; the header names {names.Length}."));
                    continue;
                }

                if (problems.Count > 0) continue;
                var row = Row(csv, names);
                Check(row, $"row {csv.RowNumber}", problems);
                records.Add(row);
            }
        }
        catch (CsvFormatException malformed)
        {
            problems.Add(new Problem($"row {malformed.RowNumber}", $"is no CSV: {malformed.Message}"));
        }

        return records;
    }

    private static JsonElement Row(CsvDataReader csv, string[] names)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            for (var column = 0; column < names.Length; column++)
                if (csv.GetString(column) is { Length: > 0 } value) writer.WriteString(names[column], value);
            writer.WriteEndObject();
        }

        using var json = JsonDocument.Parse(buffer.ToArray());
        return json.RootElement.Clone();
    }

    private static JsonElement? Parse(string text, string place, List<Problem> problems)
    {
        try
        {
            using var json = JsonDocument.Parse(text, RecordReader.Options);
            return json.RootElement.Clone();
        }
        catch (JsonException malformed)
        {
            problems.Add(new Problem(place, $"{RecordReader.WhyUnreadable(Encoding.UTF8.GetBytes(text), malformed)}."));
            return null;
        }
    }

    private static void Check(JsonElement record, string place, List<Problem> problems)
    {
        if (RecordReader.ProblemOf(record) is { } problem) problems.Add(new Problem(place, problem));
    }
}
