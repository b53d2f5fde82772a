using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.Sync;

/// <summary>The id of a Clockify object: 24 hexadecimal digits. The default value means no object.</summary>
internal readonly record struct ObjectId
{
    private const int Bytes = 12;

    // Three numbers of equal size, so that a table of them has no gaps.
    private readonly uint _first, _second, _third;

    private ObjectId(uint first, uint second, uint third) => (_first, _second, _third) = (first, second, third);

    public bool IsNone => this == default;

    public static bool TryParse([NotNullWhen(true)] string? text, out ObjectId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Bytes];
        if (text is null || text.Length != 2 * Bytes || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done) return false;
        id = new ObjectId(BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));
        return true;
    }

    /// <summary>Returns the default value for a text that is not an id.</summary>
    public static ObjectId Parse(string? text) => TryParse(text, out var id) ? id : default;

    public override string ToString() => $"{_first:x8}{_second:x8}{_third:x8}";
}
