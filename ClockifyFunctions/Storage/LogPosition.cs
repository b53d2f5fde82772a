namespace ClockifyFunctions.Storage;

/// <summary>A place in an <see cref="AppendLog"/>: everything before <see cref="Offset"/> in <see cref="Segment"/>, and every lower segment, lies behind it.</summary>
internal readonly record struct LogPosition(int Segment, long Offset) : IComparable<LogPosition>
{
    /// <summary>Before the first line; segments count from 1.</summary>
    public static readonly LogPosition Start = new(1, 0);

    public int CompareTo(LogPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Offset.CompareTo(other.Offset);

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;
}
