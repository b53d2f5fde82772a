namespace ClockifyFunctions.Api;

/// <summary>The format of a CSV text: delimiter, start and number of columns.</summary>
/// <param name="Start">Bytes before the header: the line <c>sep=;</c>, which spreadsheets write.</param>
/// <param name="Columns">Number of columns in the header.</param>
internal readonly record struct CsvDialect(char Delimiter, int Start, int Columns)
{
    private const int RowsLookedAt = 20;

    /// <summary>The possible delimiters, in order of preference.</summary>
    private static ReadOnlySpan<byte> Candidates => ",;\t|"u8;

    /// <summary>Finds the delimiter: the one that splits the first rows into as many cells as the header, otherwise the most frequent one in the header. Pure.</summary>
    /// <param name="text">UTF-8.</param>
    public static CsvDialect Of(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("sep="u8) && text.Length > 5 && Candidates.Contains(text[4]) && text[5] is (byte)'\r' or (byte)'\n')
        {
            var start = text[5] == '\r' && text.Length > 6 && text[6] == '\n' ? 7 : 6;
            Span<int> named = stackalloc int[Candidates.Length];
            Count(text[start..], named);
            return new CsvDialect((char)text[4], start, named[Candidates.IndexOf(text[4])] + 1);
        }

        Span<int> header = stackalloc int[Candidates.Length], row = stackalloc int[Candidates.Length];
        Span<bool> parts = stackalloc bool[Candidates.Length];
        var rest = text[Count(text, header)..];
        for (var index = 0; index < parts.Length; index++) parts[index] = header[index] > 0;
        for (var number = 0; number < RowsLookedAt && !rest.IsEmpty; number++)
        {
            var length = Count(rest, row);
            var isEmpty = rest[..length].Trim("\r\n"u8).IsEmpty;
            rest = rest[length..];
            if (isEmpty) continue;
            for (var index = 0; index < parts.Length; index++) parts[index] &= row[index] == header[index];
        }

        var best = 0;
        for (var index = 1; index < parts.Length; index++)
            if ((parts[index], header[index]).CompareTo((parts[best], header[best])) > 0) best = index;
        return new CsvDialect((char)Candidates[best], 0, header[best] + 1);
    }

    /// <summary>Counts the candidates in a row, outside of quotes.</summary>
    /// <returns>The length of the row, including its line break.</returns>
    private static int Count(ReadOnlySpan<byte> text, Span<int> counts)
    {
        counts.Clear();
        var (isQuoted, isStart) = (false, true);
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (isQuoted)
            {
                if (letter != '"') continue;
                if (at + 1 < text.Length && text[at + 1] == '"') at++;
                else isQuoted = false;
                continue;
            }

            if (letter == '\n') return at + 1;
            if (letter == '\r') return at + (at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1);
            isQuoted = isStart && letter == '"';
            var candidate = Candidates.IndexOf(letter);
            isStart = candidate >= 0;
            if (isStart) counts[candidate]++;
        }

        return text.Length;
    }
}
