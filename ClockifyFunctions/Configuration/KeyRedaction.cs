using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace ClockifyFunctions.Configuration;

/// <summary>
/// Replaces an API key in a response by <see cref="Mask"/>. It finds the key and base64 texts that contain it; each character
/// can be plain or escaped as in JSON, URLs or HTML. It ignores case, because HTTP/2 writes header names in lower case.
/// </summary>
internal sealed class KeyRedaction
{
    public const string Mask = "***";

    /// <summary>Shorter keys are not replaced, because they occur in ordinary words.</summary>
    private const int ShortestKey = 8;

    private readonly Needle[] _needles;

    /// <summary>All bytes with which an occurrence of the key can start.</summary>
    private readonly SearchValues<byte> _starts;

    public KeyRedaction(string key)
    {
        _needles = key.Length < ShortestKey ? [] : [new Needle(Encoding.UTF8.GetBytes(key), HasTail: false), .. Enumerable.Range(0, 3).SelectMany(offset => Base64(key, offset))];
        _starts = SearchValues.Create([.. _needles.SelectMany(needle => new[] { Lower(needle.Text[0]), Upper(needle.Text[0]) }), .. "\\%&"u8]);
    }

    public string Apply(string text) => Replace(Encoding.UTF8.GetBytes(text), isCut: false) is { } replaced ? Encoding.UTF8.GetString(replaced) : text;

    /// <param name="isCut">Whether the text was truncated, possibly in the middle of the key.</param>
    public ReadOnlySpan<byte> Apply(ReadOnlySpan<byte> text, bool isCut) => Replace(text, isCut) is { } replaced ? replaced : text;

    /// <summary>Null if the text does not contain the key.</summary>
    private byte[]? Replace(ReadOnlySpan<byte> text, bool isCut)
    {
        if (_needles.Length == 0) return null;
        ArrayBufferWriter<byte>? replaced = null;
        var copied = 0;
        for (var at = 0; text[at..].IndexOfAny(_starts) is var next and >= 0;)
        {
            at += next;
            var end = EndOfKey(text, at, isCut);
            if (end > at)
            {
                replaced ??= new ArrayBufferWriter<byte>(text.Length);
                replaced.Write(text[copied..at]);
                replaced.Write("***"u8);
                copied = at = end;
            }
            else
            {
                at++;
            }
        }

        replaced?.Write(text[copied..]);
        return replaced?.WrittenSpan.ToArray();
    }

    /// <summary>The end of the longest occurrence that starts at this position; zero if none starts there.</summary>
    private int EndOfKey(ReadOnlySpan<byte> text, int at, bool isCut)
    {
        var end = 0;
        foreach (var needle in _needles) end = Math.Max(end, needle.EndIn(text, at, isCut));
        return end;
    }

    /// <summary>
    /// Returns the base64 characters that depend only on the key, if <paramref name="offset"/> bytes (modulo 3) precede it. A character at the
    /// border also contains bits of the adjacent byte, and at most four bits of the key.
    /// </summary>
    private static IEnumerable<Needle> Base64(string key, int offset)
    {
        var bytes = new byte[offset + Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(key, bytes.AsSpan(offset));
        var bits = bytes.Length * 8;
        var text = Convert.ToBase64String(bytes)[(offset == 0 ? 0 : offset + 1)..(bits / 6)];
        var hasTail = bits % 6 != 0;
        yield return new Needle(Encoding.ASCII.GetBytes(text), hasTail);
        var forUrls = text.Replace('+', '-').Replace('/', '_');
        if (forUrls != text) yield return new Needle(Encoding.ASCII.GetBytes(forUrls), hasTail);
    }

    private static byte Lower(byte letter) => letter is >= (byte)'A' and <= (byte)'Z' ? (byte)(letter | 0x20) : letter;

    private static byte Upper(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? (byte)(letter & ~0x20) : letter;

    /// <param name="HasTail">The base64 text continues with a character that contains some bits of the key, and possibly with padding.</param>
    private readonly record struct Needle(byte[] Text, bool HasTail)
    {
        /// <summary>The longest escape of one character, <c>\\\u002B</c> in nested JSON.</summary>
        private const int LongestEscape = 10;

        /// <summary>The end of the occurrence that starts at <paramref name="at"/>; zero if none starts there.</summary>
        public int EndIn(ReadOnlySpan<byte> text, int at, bool isCut)
        {
            for (var index = 0; index < Text.Length; index++)
            {
                var taken = Take(text[at..], Text[index]);
                if (taken == 0) return isCut && index > 0 && text.Length - at < LongestEscape ? text.Length : 0;
                at += taken;
            }

            if (!HasTail) return at;
            if (at < text.Length && (char.IsAsciiLetterOrDigit((char)text[at]) || "+/-_"u8.Contains(text[at]))) at++;
            while (at < text.Length && text[at] == '=') at++;
            return at;
        }

        /// <summary>The number of bytes at the start of <paramref name="text"/> that encode the character; zero if they encode another one.</summary>
        private static int Take(ReadOnlySpan<byte> text, byte wanted)
        {
            // In UTF-16, each of these characters has an adjacent zero byte.
            var zeros = text.IndexOfAnyExcept((byte)0) is > 0 and var first ? first : 0;
            text = text[zeros..];
            var length = text switch
            {
                [(byte)'\\', ..] => Escape(text, wanted),
                [(byte)'%', var high, var low, ..] when IsHex([high, low], wanted) => 3,
                [(byte)'&', (byte)'#', ..] => Entity(text, wanted),
                _ => 0,
            };
            if (length == 0 && !text.IsEmpty && Lower(text[0]) == Lower(wanted)) length = 1;
            return length == 0 ? 0 : zeros + length;
        }

        /// <summary><c>\/</c> or <c>\u002F</c>, with more backslashes if JSON is nested in JSON.</summary>
        private static int Escape(ReadOnlySpan<byte> text, byte wanted)
        {
            var slashes = text.IndexOfAnyExcept((byte)'\\');
            if (slashes < 0) return 0;
            var escaped = text[slashes..];
            if (escaped is [(byte)'u' or (byte)'U', (byte)'0', (byte)'0', var high, var low, ..] && IsHex([high, low], wanted)) return slashes + 5;
            return !char.IsAsciiLetterOrDigit((char)escaped[0]) && escaped[0] == wanted ? slashes + 1 : 0;
        }

        /// <summary><c>&amp;#43;</c> or <c>&amp;#x2B;</c>.</summary>
        private static int Entity(ReadOnlySpan<byte> text, byte wanted)
        {
            var isHex = text is [_, _, (byte)'x' or (byte)'X', ..];
            var start = isHex ? 3 : 2;
            var end = text.IndexOf((byte)';');
            if (end <= start || end > start + 6) return 0;
            var isRead = isHex
                ? Utf8Parser.TryParse(text[start..end], out int code, out var read, 'X')
                : Utf8Parser.TryParse(text[start..end], out code, out read);
            return isRead && read == end - start && code < 0x80 && Lower((byte)code) == Lower(wanted) ? end + 1 : 0;
        }

        private static bool IsHex(ReadOnlySpan<byte> digits, byte wanted) =>
            Utf8Parser.TryParse(digits, out byte code, out var read, 'X') && read == 2 && Lower(code) == Lower(wanted);
    }
}
