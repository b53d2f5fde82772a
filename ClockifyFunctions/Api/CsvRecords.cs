using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Templates;
using Sylvan.Data.Csv;

namespace ClockifyFunctions.Api;

/// <summary>
/// Reads records from CSV files as spreadsheets export them. The header names the attributes, and every value is a text. An empty cell gives no
/// attribute. Pure.
/// </summary>
internal static class CsvRecords
{
    private const int MostColumns = 1000;

    /// <summary>The default buffer size of the library.</summary>
    private const int FirstBuffer = 16 * 1024;

    /// <summary>Maximum bytes of JSON that one text may become. Every row repeats the names of the columns.</summary>
    private const int MostBytes = 48 << 20;

    /// <param name="text">UTF-8 without a byte order mark.</param>
    /// <returns>The JSON text of each record.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was canceled.</exception>
    public static List<ReadOnlyMemory<byte>> Read(ReadOnlyMemory<byte> text, ProblemList problems, CancellationToken cancel)
    {
        var records = new List<ReadOnlyMemory<byte>>();
        var dialect = CsvDialect.Of(text.Span);
        text = text[dialect.Start..];
        if (text.Span.Trim(" \t\r\n"u8).IsEmpty) return records;
        if (dialect.Columns > MostColumns)
        {
            // The run time of the library grows with the square of the number of columns.
            problems.Add(new Problem("line 1", $"names more than {MostColumns} columns, which is the maximum."));
            return records;
        }

        try
        {
            using var reader = new StreamReader(BinaryData.FromBytes(text).ToStream());
            using var csv = CsvDataReader.Create(reader, new CsvDataReaderOptions { Delimiter = dialect.Delimiter, HasHeaders = true, BufferSize = FirstBuffer, MaxBufferSize = 4 * BacklogRecord.MaxBytes });
            ReadRows(csv, dialect.Delimiter, Names(csv, problems), records, problems, cancel);
        }
        catch (CsvFormatException malformed)
        {
            problems.Add(new Problem(Place(malformed.RowNumber), $"is not CSV: {malformed.Message}"));
        }

        return records;
    }

    private static string[] Names(CsvDataReader csv, ProblemList problems)
    {
        var names = Enumerable.Range(0, csv.FieldCount).Select(column => csv.GetName(column).Trim()).ToArray();
        if (names.All(name => name.Length == 0)) problems.Add(new Problem("line 1", "names no column; the first line names the attributes."));
        foreach (var (name, count) in names.Where(name => name.Length > 0).CountBy(name => name).Where(name => name.Value > 1))
            problems.Add(new Problem("line 1", $"names '{name}' {count} times; give each column a unique name."));
        return names;
    }

    private static void ReadRows(CsvDataReader csv, char delimiter, string[] names, List<ReadOnlyMemory<byte>> records, ProblemList problems, CancellationToken cancel)
    {
        var encoded = names.Select(name => JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)).ToArray();
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        var bytes = 0L;
        while (csv.Read())
        {
            cancel.ThrowIfCancellationRequested();
            if (IsEmpty(csv)) continue;
            if (WhyRefused(csv, delimiter, names) is { } refused) problems.Add(new Problem(Place(csv.RowNumber), refused));
            if (problems.Count > 0) continue;
            var row = Row(csv, encoded, writer, buffer);
            if (RecordReader.ProblemOf(row) is { } problem) problems.Add(new Problem(Place(csv.RowNumber), problem));
            records.Add(row);
            if (RecordsText.HasTooMany(records, problems)) break;
            if ((bytes += row.Length) <= MostBytes) continue;
            problems.Add(new Problem("$", $"becomes more than {MostBytes >> 20} MB of JSON, because every row repeats the names of the columns; split the rows into several requests, or shorten the names."));
            break;
        }

        if (problems.Count > 0) records.Clear();
    }

    /// <summary>An empty line, or the line of delimiters that a spreadsheet writes for an empty row.</summary>
    private static bool IsEmpty(CsvDataReader csv)
    {
        for (var column = 0; column < csv.RowFieldCount; column++)
            if (csv.GetFieldSpan(column).Length > 0) return false;
        return true;
    }

    private static string? WhyRefused(CsvDataReader csv, char delimiter, string[] names)
    {
        if (csv.RowFieldCount != names.Length)
            return string.Create(CultureInfo.InvariantCulture, $"has {csv.RowFieldCount} cells; the header names {names.Length}. A value that contains {(delimiter == '\t' ? "a tab" : $"'{delimiter}'")} or a line break must be in double quotes.");
        for (var column = 0; column < names.Length; column++)
            if (names[column].Length == 0 && csv.GetFieldSpan(column).Length > 0)
                return string.Create(CultureInfo.InvariantCulture, $"has a value in column {column + 1}, which the header does not name; name the column.");
        return null;
    }

    private static byte[] Row(CsvDataReader csv, JsonEncodedText[] names, Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        for (var column = 0; column < names.Length; column++)
            if (csv.GetFieldSpan(column) is { Length: > 0 } value) writer.WriteString(names[column], value);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static string Place(int row) => string.Create(CultureInfo.InvariantCulture, $"row {row}");
}
