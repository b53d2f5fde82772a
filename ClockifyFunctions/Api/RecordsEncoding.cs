using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Finds out how the text of a file is encoded, and makes UTF-8 of it. Pure.</summary>
internal static class RecordsEncoding
{
    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        (Encoding.UTF8.GetPreamble(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)),
        (Encoding.Unicode.GetPreamble(), new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)),
        (Encoding.BigEndianUnicode.GetPreamble(), new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true)),
    ];

    /// <summary>
    /// The byte order mark decides, then the charset of the content type, then the bytes: UTF-16 shows by its zeros, valid UTF-8 is UTF-8,
    /// and a CSV file that reads well as Windows-1252 is that.
    /// </summary>
    /// <param name="note">What was assumed and how to correct it; null if nothing was.</param>
    /// <returns>UTF-8 without a byte order mark. Empty, with a problem, when the text cannot be read.</returns>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> text, RecordsFormat format, string? contentType, ProblemList problems, out string? note)
    {
        note = null;
        foreach (var (mark, encoding) in Marks)
            if (text.Span.StartsWith(mark)) return Decode(text[mark.Length..], encoding, problems);
        if (CharsetOf(contentType) is { } charset)
        {
            if (Find(charset) is { } named) return Decode(text, named, problems);
            problems.Add(new Problem("$", $"has the charset '{charset}', which is not known; send for example charset=utf-8 or charset=windows-1252."));
            return default;
        }

        if (text.Length > 1 && (text.Span[0] == 0) != (text.Span[1] == 0)) return Decode(text, Marks[text.Span[0] == 0 ? 2 : 1].Encoding, problems);
        if (Utf8.IsValid(text.Span)) return text;
        if (format == RecordsFormat.Csv && Find("windows-1252")!.GetString(text.Span) is var western && WesternText.IsPlausible(western))
        {
            note = "The file is not UTF-8 and was read as Windows-1252. If letters such as ä or é are wrong, send Content-Type: text/csv with the charset of the file.";
            return Encoding.UTF8.GetBytes(western);
        }

        // Bytes that are no UTF-8 would become question marks without a word.
        problems.Add(new Problem("$", format == RecordsFormat.Csv
            ? "holds bytes that are no UTF-8, and does not read well as Windows-1252; save the file as UTF-8 (a spreadsheet calls it \"CSV UTF-8\"), or name its encoding: Content-Type: text/csv; charset=windows-1250."
            : "holds bytes that are no UTF-8; send UTF-8."));
        return default;
    }

    private static string? CharsetOf(string? contentType) => MediaTypeHeaderValue.TryParse(contentType, out var type) ? type.CharSet?.Trim('"') : null;

    private static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> text, Encoding encoding, ProblemList problems)
    {
        if (encoding.CodePage == Encoding.UTF8.CodePage && Utf8.IsValid(text.Span)) return text;
        try
        {
            return Encoding.UTF8.GetBytes(encoding.GetString(text.Span));
        }
        catch (DecoderFallbackException broken)
        {
            problems.Add(new Problem("$", $"holds bytes that are no {encoding.WebName.ToUpperInvariant()} (the first at byte {broken.Index + 1}); save the file as UTF-8."));
            return default;
        }
    }
}
