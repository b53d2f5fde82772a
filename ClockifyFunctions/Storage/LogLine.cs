using System.Buffers;
using System.Buffers.Text;
using System.IO.Hashing;

namespace ClockifyFunctions.Storage;

/// <summary>
/// One line of an append log: eight hex digits of CRC-32, a space, the payload, a line feed. The payload is JSON without
/// line feeds, so text tools can read a log, and a damaged line does not affect the other lines.
/// </summary>
internal static class LogLine
{
    /// <summary>Number of bytes before the payload.</summary>
    public const int PrefixLength = 9;

    /// <summary>Writes checksum and line feed around a payload, which has <see cref="PrefixLength"/> bytes before it and one behind it.</summary>
    public static void Frame(Span<byte> line)
    {
        Utf8Formatter.TryFormat(Crc32.HashToUInt32(line[PrefixLength..^1]), line, out _, new StandardFormat('x', 8));
        line[PrefixLength - 1] = (byte)' ';
        line[^1] = (byte)'\n';
    }

    /// <summary>Reads a line without its line feed; false if it is damaged.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> line, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (line.Length < PrefixLength || line.Span[PrefixLength - 1] != ' ') return false;
        if (!Utf8Parser.TryParse(line.Span[..8], out uint expected, out var used, 'x') || used != 8) return false;
        payload = line[PrefixLength..];
        return Crc32.HashToUInt32(payload.Span) == expected;
    }
}
