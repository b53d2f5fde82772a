using System.Buffers;
using System.Buffers.Text;
using System.IO.Hashing;

namespace ClockifyFunctions.Storage;

/// <summary>
/// One line of an append log: eight hex digits of CRC-32, a space, the payload, a line feed. The payload is JSON without
/// line feeds, so a log can be read with any text tool, and a damaged line is recognised without stopping the rest.
/// </summary>
internal static class LogLine
{
    private const int PrefixLength = 9;

    public static int LengthOf(ReadOnlySpan<byte> payload) => PrefixLength + payload.Length + 1;

    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> payload)
    {
        var line = output.GetSpan(PrefixLength + payload.Length + 1);
        Utf8Formatter.TryFormat(Crc32.HashToUInt32(payload), line, out _, new StandardFormat('x', 8));
        line[8] = (byte)' ';
        payload.CopyTo(line[PrefixLength..]);
        line[PrefixLength + payload.Length] = (byte)'\n';
        output.Advance(PrefixLength + payload.Length + 1);
    }

    /// <summary>Takes a line without its line feed; false when it is damaged.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> line, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (line.Length < PrefixLength || line.Span[8] != ' ') return false;
        if (!Utf8Parser.TryParse(line.Span[..8], out uint expected, out var used, 'x') || used != 8) return false;
        payload = line[PrefixLength..];
        return Crc32.HashToUInt32(payload.Span) == expected;
    }
}
