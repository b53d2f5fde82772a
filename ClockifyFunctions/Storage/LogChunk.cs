namespace ClockifyFunctions.Storage;

/// <summary>Lines that were read from a log. <see cref="Next"/> is the position at which reading continues.</summary>
/// <param name="IsEnd">Whether the chunk reached the end of the segment.</param>
internal sealed record LogChunk(IReadOnlyList<LogChunk.Entry> Lines, LogPosition Next, bool IsEnd)
{
    /// <param name="Payload">The line without its checksum; the complete line if it is <see cref="Damaged"/>.</param>
    /// <param name="Next">The position directly behind the line.</param>
    /// <param name="Damaged">Whether the checksum does not match.</param>
    internal readonly record struct Entry(ReadOnlyMemory<byte> Payload, LogPosition Next, bool Damaged);

    public static LogChunk Empty(LogPosition at) => new([], at, IsEnd: true);

    /// <summary>Splits bytes into complete lines. An incomplete last line is left for the next read.</summary>
    /// <param name="isEnd">Whether the bytes reach the end of the segment. Blocks are appended completely, so an incomplete last line is damaged then.</param>
    public static LogChunk Split(LogPosition origin, ReadOnlyMemory<byte> bytes, bool isEnd)
    {
        var lines = new List<Entry>();
        var start = 0;
        for (int length; (length = bytes.Span[start..].IndexOf((byte)'\n')) >= 0; start += length + 1)
        {
            var line = bytes.Slice(start, length);
            var next = origin with { Offset = origin.Offset + start + length + 1 };
            var sound = LogLine.TryRead(line, out var payload);
            lines.Add(new Entry(sound ? payload : line, next, Damaged: !sound));
        }

        if (isEnd && start < bytes.Length)
        {
            lines.Add(new Entry(bytes[start..], origin with { Offset = origin.Offset + bytes.Length }, Damaged: true));
            start = bytes.Length;
        }

        return new LogChunk(lines, origin with { Offset = origin.Offset + start }, isEnd);
    }
}
