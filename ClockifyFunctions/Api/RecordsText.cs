using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Templates;
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

/// <summary>Reads records from a text that a person pastes, uploads or posts. Reports the problems with their lines, rows or elements. Pure.</summary>
/// <remarks>JSON records are parts of the text that is read, so they take no further memory.</remarks>
internal static class RecordsText
{
    /// <summary>The library's own.</summary>
    private const int FirstBuffer = 16 * 1024;

    private const int MostColumns = 1000;

    /// <summary>Those among which the library finds out the delimiter.</summary>
    private const string Delimiters = ",\t;|";

    /// <summary>Bytes of JSON that one CSV text may become: every row repeats the names of the columns.</summary>
    private const int MostBytesOfRows = 48 << 20;

    public static RecordsFormat? FormatOf(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        "application/json" => RecordsFormat.Json,
        "application/x-ndjson" or "application/jsonl" or "application/ndjson" => RecordsFormat.Ndjson,
        "text/csv" => RecordsFormat.Csv,
        _ => null,
    };

    /// <returns>The JSON text of each record.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> fired.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> text, RecordsFormat format, ProblemList problems, CancellationToken cancel)
    {
        if (text.Span.StartsWith(Encoding.UTF8.Preamble)) text = text[Encoding.UTF8.Preamble.Length..];
        // Bytes that are no UTF-8 would become question marks without a word.
        if (!Utf8.IsValid(text.Span)) problems.Add(new Problem("$", "holds bytes that are no UTF-8; save the file as UTF-8 (a spreadsheet calls it \"CSV UTF-8\")."));
        if (problems.Count > 0) return [];
        return format switch
        {
            RecordsFormat.Ndjson => ReadLines(text, problems, cancel),
            RecordsFormat.Csv => ReadCsv(text, problems, cancel),
            _ => ReadJson(text, problems, cancel),
        };
    }

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
                // To find out that a line is no JSON takes an exception, and a text can have millions of such lines.
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

    private static List<ReadOnlyMemory<byte>> ReadCsv(ReadOnlyMemory<byte> text, ProblemList problems, CancellationToken cancel)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        if (HasTooManyColumns(text.Span, problems)) return [];
        try
        {
            using var reader = new StreamReader(BinaryData.FromBytes(text).ToStream());
            using var csv = CsvDataReader.Create(reader, new CsvDataReaderOptions { HasHeaders = true, BufferSize = FirstBuffer, MaxBufferSize = 4 * BacklogRecord.MaxBytes });
            var names = Enumerable.Range(0, csv.FieldCount).Select(column => csv.GetName(column).Trim()).ToArray();
            if (names.Any(name => name.Length == 0)) problems.Add(new Problem("line 1", "has a column without a name; name every attribute in the first line."));
            foreach (var name in names.Where(name => name.Length > 0).CountBy(name => name).Where(name => name.Value > 1)) problems.Add(new Problem("line 1", $"names '{name.Key}' {name.Value} times."));
            var encoded = names.Select(name => JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).ToArray();
            var bytes = 0L;
            while (csv.Read())
            {
                cancel.ThrowIfCancellationRequested();
                if (csv.RowFieldCount == 1 && names.Length > 1 && csv.GetString(0).Length == 0) continue; // An empty line.
                if (csv.RowFieldCount != names.Length)
                {
                    problems.Add(new Problem($"row {csv.RowNumber}", $"has {csv.RowFieldCount} values; the header names {names.Length}."));
                    continue;
                }

                if (problems.Count > 0) continue;
                var row = Row(csv, encoded);
                if (RecordReader.ProblemOf(row.Span) is { } problem) problems.Add(new Problem($"row {csv.RowNumber}", problem));
                records.Add(row);
                if (HasTooMany(records, problems) || IsTooLarge(bytes += row.Length, problems)) return [];
            }
        }
        catch (CsvFormatException malformed)
        {
            problems.Add(new Problem($"row {malformed.RowNumber}", $"is no CSV: {malformed.Message}"));
        }

        return records;
    }

    /// <summary>Looks at the first line before the library does, whose time grows with the square of the number of columns.</summary>
    private static bool HasTooManyColumns(ReadOnlySpan<byte> text, ProblemList problems)
    {
        var (isQuoted, counts) = (false, new int[Delimiters.Length]);
        foreach (var letter in text)
        {
            if (letter == '"') isQuoted = !isQuoted;
            if (isQuoted) continue;
            if (letter is (byte)'\n' or (byte)'\r') return false;
            if (Delimiters.IndexOf((char)letter, StringComparison.Ordinal) is not (>= 0 and var delimiter) || ++counts[delimiter] < MostColumns) continue;
            problems.Add(new Problem("line 1", $"names more than {MostColumns} columns, which is the most that a record has."));
            return true;
        }

        return false;
    }

    private static ReadOnlyMemory<byte> Row(CsvDataReader csv, JsonEncodedText[] names)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            for (var column = 0; column < names.Length; column++)
                if (csv.GetString(column) is { Length: > 0 } value) writer.WriteString(names[column], value);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static bool HasTooMany(List<ReadOnlyMemory<byte>> records, ProblemList problems)
    {
        if (records.Count <= JsonRecords.MostRecords) return false;
        problems.Add(new Problem("$", $"{JsonRecords.TooMany}."));
        return true;
    }

    private static bool IsTooLarge(long bytes, ProblemList problems)
    {
        if (bytes <= MostBytesOfRows) return false;
        problems.Add(new Problem("$", $"becomes more than {MostBytesOfRows >> 20} MB of JSON, because every row repeats the names of the columns; send the rows in parts, or shorten the names."));
        return true;
    }
}
