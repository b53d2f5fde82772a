using System.Buffers;
using System.Globalization;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>
/// JSON text under way, in a rented buffer. A batch of messages is a megabyte of text inside text: built of strings, each level would be
/// a string of that size.
/// </summary>
internal sealed class JsonBuffer : IDisposable
{
    /// <summary>What Newtonsoft.Json escapes.</summary>
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\', '\u0085', '\u2028', '\u2029']);

    private char[] _text = ArrayPool<char>.Shared.Rent(4096);
    private int _length;

    public JsonBuffer Append(ReadOnlySpan<char> text)
    {
        if (_text.Length - _length < text.Length) Grow(text.Length);
        text.CopyTo(_text.AsSpan(_length));
        _length += text.Length;
        return this;
    }

    /// <summary>A number, a time or an id, written where it is to stand.</summary>
    public JsonBuffer Format<T>(T value, ReadOnlySpan<char> format = default)
        where T : ISpanFormattable
    {
        int written;
        while (!value.TryFormat(_text.AsSpan(_length), out written, format, CultureInfo.InvariantCulture)) Grow(_text.Length);
        _length += written;
        return this;
    }

    public JsonBuffer QuoteFormat<T>(T value, ReadOnlySpan<char> format = default)
        where T : ISpanFormattable =>
        Append("\"").Format(value, format).Append("\"");

    public JsonBuffer QuoteOrNull(string? text) => text is null ? Append("null") : Quote(text);

    public JsonBuffer Quote(ReadOnlySpan<char> text)
    {
        Append("\"");
        for (int plain; (plain = text.IndexOfAny(Escaped)) >= 0; text = text[(plain + 1)..])
        {
            Append(text[..plain]);
            _ = text[plain] switch
            {
                '"' => Append("\\\""),
                '\\' => Append("\\\\"),
                '\b' => Append("\\b"),
                '\t' => Append("\\t"),
                '\n' => Append("\\n"),
                '\f' => Append("\\f"),
                '\r' => Append("\\r"),
                var code => Append(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)code:x4}")),
            };
        }

        return Append(text).Append("\"");
    }

    /// <summary>Bytes as base64, in quotes.</summary>
    public JsonBuffer Quote(ReadOnlySpan<byte> bytes)
    {
        Append("\"");
        var length = (bytes.Length + 2) / 3 * 4;
        if (_text.Length - _length < length) Grow(length);
        Convert.TryToBase64Chars(bytes, _text.AsSpan(_length), out var written);
        _length += written;
        return Append("\"");
    }

    /// <summary>JSON text inside a JSON string: how the host sends everything but objects, dates and bytes.</summary>
    public JsonBuffer Twice(Action<JsonBuffer> write)
    {
        using var inner = new JsonBuffer();
        write(inner);
        return Quote(inner._text.AsSpan(0, inner._length));
    }

    public JsonBuffer Array<T>(IReadOnlyList<T> items, Action<JsonBuffer, T> write)
    {
        Append("[");
        for (var index = 0; index < items.Count; index++)
        {
            if (index > 0) Append(",");
            write(this, items[index]);
        }

        return Append("]");
    }

    public JsonBuffer Object(IEnumerable<KeyValuePair<string, Action<JsonBuffer>>> members)
    {
        Append("{");
        var isFirst = true;
        foreach (var (name, write) in members)
        {
            if (!isFirst) Append(",");
            isFirst = false;
            Quote(name).Append(":");
            write(this);
        }

        return Append("}");
    }

    public override string ToString() => new(_text, 0, _length);

    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_text);
        (_text, _length) = ([], 0);
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_text.Length * 2, _length + more));
        _text.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_text);
        _text = larger;
    }
}
