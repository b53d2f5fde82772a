using System.Net.Http.Headers;
using System.Text;
using System.Text.Unicode;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Detects the encoding of a text and converts it to UTF-8. Pure.</summary>
internal static class RecordsEncoding
{
    private static readonly (byte[] Mark, Encoding Encoding)[] Marks =
    [
        (Encoding.UTF8.GetPreamble(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)),
        (Encoding.Unicode.GetPreamble(), new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true)),
        (Encoding.BigEndianUnicode.GetPreamble(), new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true)),
    ];

    /// <summary>
    /// The byte order mark decides, otherwise the charset of the content type, otherwise the bytes: UTF-16 is recognized by its zero bytes, valid
    /// UTF-8 is UTF-8, and a CSV file that is plausible as Windows-1252 is read as Windows-1252.
    /// </summary>
    /// <param name="note">The assumption and how to correct it; null if there is none.</param>
    /// <returns>UTF-8 without a byte order mark. Empty, with a problem, if the text cannot be read.</returns>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> text, RecordsFormat format, string? contentType, ProblemList problems, out string? note)
    {
        note = null;
        foreach (var (mark, encoding) in Marks)
            if (text.Span.StartsWith(mark)) return Decode(text[mark.Length..], encoding, problems);
        if (CharsetOf(contentType) is { } charset)
        {
            if (Find(charset) is { } named) return Decode(text, named, problems);
            problems.Add(new Problem("$", $"has the charset '{charset}', which is unknown; send, for example, charset=utf-8 or charset=windows-1252."));
            return default;
        }

        if (text.Length > 1 && (text.Span[0] == 0) != (text.Span[1] == 0)) return Decode(text, Marks[text.Span[0] == 0 ? 2 : 1].Encoding, problems);
        if (Utf8.IsValid(text.Span)) return text;
        if (format == RecordsFormat.Csv && Find("windows-1252")!.GetString(text.Span) is var western && WesternText.IsPlausible(western))
        {
            note = "The file is not UTF-8 and was read as Windows-1252. If letters such as ä or é are wrong, send Content-Type: text/csv with the charset of the file.";
            return Encoding.UTF8.GetBytes(western);
        }

        // Otherwise bytes that are not UTF-8 would be replaced by question marks without a message.
        problems.Add(new Problem("$", format == RecordsFormat.Csv
            ? "contains bytes that are not UTF-8, and is not plausible as Windows-1252; save the file as UTF-8 (a spreadsheet calls it \"CSV UTF-8\"), or name its encoding: Content-Type: text/csv; charset=windows-1250."
            : "contains bytes that are not UTF-8; send UTF-8."));
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
            problems.Add(new Problem("$", $"contains bytes that are not {encoding.WebName.ToUpperInvariant()} (the first at byte {broken.Index + 1}); save the file as UTF-8."));
            return default;
        }
    }
}
