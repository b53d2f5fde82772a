using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ClockifyFunctions.Storage;

/// <summary>A JSON writer with a buffer that is reused per thread. It must not be used across an await or nested in another one.</summary>
internal sealed class RentedWriter : IDisposable
{
    /// <summary>Larger buffers are not reused.</summary>
    private const int LargestKept = 64 * 1024;

    [ThreadStatic]
    private static RentedWriter? t_kept;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private RentedWriter() => Writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Utf8JsonWriter Writer { get; }

    public static RentedWriter Rent()
    {
        var kept = t_kept ?? new RentedWriter();
        t_kept = null;
        return kept;
    }

    public byte[] ToArray()
    {
        Writer.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public void Dispose()
    {
        if (_buffer.Capacity > LargestKept) return;
        _buffer.ResetWrittenCount();
        Writer.Reset();
        t_kept = this;
    }
}
