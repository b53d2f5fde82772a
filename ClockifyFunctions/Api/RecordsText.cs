using System.Text.Json;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>The format of a text with records.</summary>
internal enum RecordsFormat
{
    /// <summary>One object, or an array of objects.</summary>
    Json,

    /// <summary>One object per line.</summary>
    Ndjson,

    /// <inheritdoc cref="CsvRecords"/>
    Csv,
}

/// <summary>Reads records from a text that a person pastes, uploads or posts. Reports the problems with their lines, rows or elements. Pure.</summary>
/// <remarks>JSON records are slices of the input text, so they need no additional memory.</remarks>
internal static class RecordsText
{
    public static RecordsFormat? FormatOf(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "application/json" => RecordsFormat.Json,
        "application/x-ndjson" or "application/jsonl" or "application/ndjson" => RecordsFormat.Ndjson,
        "text/csv" => RecordsFormat.Csv,
        _ => null,
    };

    /// <param name="text">UTF-8 without a byte order mark: see <see cref="RecordsEncoding"/>.</param>
    /// <returns>The JSON text of each record.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was canceled.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> text, RecordsFormat format, ProblemList problems, CancellationToken cancel) => format switch
    {
        RecordsFormat.Ndjson => ReadLines(text, problems, cancel),
        RecordsFormat.Csv => CsvRecords.Read(text, problems, cancel),
        _ => ReadJson(text, problems, cancel),
    };

    private static List<ReadOnlyMemory<byte>> ReadJson(ReadOnlyMemory<byte> text, ProblemList problems, CancellationToken cancel)
    {
        try
        {
            var records = JsonRecords.Split(text, out var isArray);
            if (HasTooMany(records, problems)) return [];
            for (var index = 0; index < records.Count; index++)
            {
                cancel.ThrowIfCancellationRequested();
                if (RecordReader.ProblemOf(records[index].Span) is { } problem) problems.Add(new Problem(isArray ? $"$[{index}]" : "$", problem));
            }

            return records;
        }
        catch (JsonException malformed)
        {
            problems.Add(new Problem("$", $"{JsonRecords.WhyUnreadable(text, malformed)}."));
            return [];
        }
    }

    private static List<ReadOnlyMemory<byte>> ReadLines(ReadOnlyMemory<byte> text, ProblemList problems, CancellationToken cancel)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        for (var number = 1; !text.IsEmpty; number++)
        {
            cancel.ThrowIfCancellationRequested();
            if (problems.IsFull)
            {
                // Detecting that a line is not JSON costs an exception, and a text can have millions of such lines.
                problems.AddMore(text.Span.Count((byte)'\n') + (text.Span[^1] == '\n' ? 0 : 1));
                return [];
            }

            var end = text.Span.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).Trim(" \t\r"u8);
            text = end < 0 ? default : text[(end + 1)..];
            if (line.IsEmpty) continue;
            try
            {
                JsonRecords.Split(line, out _);
                if (RecordReader.ProblemOf(line.Span) is { } problem) problems.Add(new Problem($"line {number}", problem));
                records.Add(line);
                if (HasTooMany(records, problems)) return [];
            }
            catch (JsonException malformed)
            {
                problems.Add(new Problem($"line {number}", $"{JsonRecords.WhyUnreadable(line, malformed)}."));
            }
        }

        return records;
    }

    public static bool HasTooMany(List<ReadOnlyMemory<byte>> records, ProblemList problems)
    {
        if (records.Count <= JsonRecords.MostRecords) return false;
        problems.Add(new Problem("$", $"{JsonRecords.TooMany}."));
        return true;
    }
}
