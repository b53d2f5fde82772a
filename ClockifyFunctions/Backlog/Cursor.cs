using System.Globalization;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>
/// How far a destination has come: every record before <see cref="Position"/> is finished, its response event acknowledged.
/// Kept in the metadata of the blob <c>{credential}/{destination}/cursor</c>, so that listing the backlogs reads all cursors.
/// </summary>
internal sealed record Cursor(LogPosition Position, long Delivered, long Quarantined)
{
    public static readonly Cursor AtStart = new(LogPosition.Start, 0, 0);

    public Dictionary<string, string> ToMetadata() => new()
    {
        ["segment"] = Position.Segment.ToString(CultureInfo.InvariantCulture),
        ["offset"] = Position.Offset.ToString(CultureInfo.InvariantCulture),
        ["delivered"] = Delivered.ToString(CultureInfo.InvariantCulture),
        ["quarantined"] = Quarantined.ToString(CultureInfo.InvariantCulture),
    };

    public static Cursor FromMetadata(IDictionary<string, string> metadata)
    {
        return new Cursor(new LogPosition((int)Number("segment"), Number("offset")), Number("delivered"), Number("quarantined"));

        long Number(string name) => long.Parse(metadata[name], CultureInfo.InvariantCulture);
    }
}
