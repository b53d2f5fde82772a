using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ClockifyFunctions.Storage;

/// <summary>Lines that are appended together, in a rented buffer. Dispose the block after the append to return the buffer.</summary>
internal sealed class LogBlock : IBufferWriter<byte>, IDisposable
{
    private const int FirstSize = 16 * 1024;

    private readonly Utf8JsonWriter _json;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _length;

    // SkipValidation is safe: serializers write the values, and raw values contain no line feeds.
    private LogBlock() => _json = new Utf8JsonWriter(this, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>The lines. They are valid until the block is disposed.</summary>
    public ReadOnlyMemory<byte> Lines => _buffer.AsMemory(0, _length);

    /// <summary>Writes values as lines into as few blocks as possible. Each block is disposed when the next one is requested.</summary>
    public static IEnumerable<LogBlock> Of<T>(IEnumerable<T> values, JsonTypeInfo<T> type, int largest)
    {
        var block = new LogBlock();
        try
        {
            foreach (var value in values)
            {
                var end = block._length;
                block.Add(value, type);
                if (block._length <= largest || end == 0) continue;
                var next = new LogBlock();
                next.Write(block._buffer.AsSpan(end..block._length));
                block._length = end;
                yield return block;
                block.Dispose();
                block = next;
            }

            if (block._length > 0) yield return block;
        }
        finally
        {
            block.Dispose();
        }
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public void Dispose()
    {
        if (_buffer.Length == 0) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private void Add<T>(T value, JsonTypeInfo<T> type)
    {
        var start = _length;
        GetSpan(LogLine.PrefixLength);
        Advance(LogLine.PrefixLength);
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
        _json.Reset();
        GetSpan(1);
        Advance(1);
        LogLine.Frame(_buffer.AsSpan(start.._length));
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        lines.CopyTo(GetSpan(lines.Length));
        Advance(lines.Length);
    }

    private void MakeRoom(int sizeHint)
    {
        if (_buffer.Length - _length >= Math.Max(sizeHint, 1)) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + sizeHint));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
