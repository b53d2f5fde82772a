namespace ClockifyFunctions.Storage;

/// <summary>Lines read from a log. <see cref="Next"/> is where reading goes on.</summary>
/// <param name="IsEnd">Nothing followed when it was read.</param>
internal sealed record LogChunk(IReadOnlyList<LogChunk.Entry> Lines, LogPosition Next, bool IsEnd)
{
    /// <param name="Payload">The line without its checksum; the line as it stands where it is <see cref="Damaged"/>.</param>
    /// <param name="Next">The position just behind the line.</param>
    /// <param name="Damaged">The checksum does not match.</param>
    internal readonly record struct Entry(ReadOnlyMemory<byte> Payload, LogPosition Next, bool Damaged);

    public static LogChunk Empty(LogPosition at) => new([], at, IsEnd: true);

    /// <summary>Splits into whole lines; an unfinished last line is left for the next read.</summary>
    /// <param name="isEnd">Nothing follows as yet. Blocks are appended whole, so a line without its end is then damaged.</param>
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
