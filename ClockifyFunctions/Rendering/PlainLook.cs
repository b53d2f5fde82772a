using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>Checks the bytes of a record in one fast pass. Most records pass. Only the other records are converted and checked field by field.</summary>
internal static class PlainLook
{
    private const int IdLength = 24;

    /// <summary>Index of the time zone in a quoted time.</summary>
    private const int ZoneAt = 20;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>Returns whether a body is certainly valid: every value is right, no required field is missing, and Clockify ignores no member.</summary>
    public static bool IsRight(Destination destination, EndpointTemplate endpoint, JsonElement payload)
    {
        var seen = 0UL;
        ReadOnlySpan<byte> start = default, end = default;
        foreach (var member in payload.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            var index = endpoint.IndexOf(name);
            if (index < 0)
            {
                if (name.Contains((byte)'\\') || !(destination.UnknownAttributes == UnknownAttributes.Ignore || IsTaken(destination, member))) return false;
                continue;
            }

            var field = endpoint.Fields[index];
            if (field.Adds is not null || !IsRight(field, member.Value)) return false;
            seen |= 1UL << index;
            if (field.Type != FieldType.DateTime) continue;
            if (name.SequenceEqual("start"u8)) start = JsonMarshal.GetRawUtf8Value(member.Value);
            else if (name.SequenceEqual("end"u8)) end = JsonMarshal.GetRawUtf8Value(member.Value);
        }

        // Two times in the same format and zone can be compared as text.
        if (!start.IsEmpty && !end.IsEmpty && !(start[ZoneAt..].SequenceEqual(end[ZoneAt..]) && start.SequenceCompareTo(end) <= 0)) return false;
        return destination.UpdateMode == UpdateMode.Merge || ((endpoint.RequiredFields | (destination.Timers ? 0 : endpoint.TimerFields)) & ~seen) == 0;
    }

    /// <summary>Returns whether a field accepts the value without conversion.</summary>
    public static bool IsRight(TemplateField field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return field.Type == FieldType.Boolean;
            case JsonValueKind.Array when field.Type is FieldType.Ids or FieldType.Emails && value.GetArrayLength() <= field.MaxLength && value.GetArrayLength() >= field.MinLength:
                foreach (var item in value.EnumerateArray())
                    if (item.ValueKind != JsonValueKind.String || !IsRight(field, field.Type == FieldType.Ids ? FieldType.Id : FieldType.Email, item)) return false;
                return true;
            default:
                return value.ValueKind == JsonValueKind.String && IsRight(field, field.Type, value);
        }
    }

    public static bool IsOneOf(IReadOnlyList<string> values, JsonElement value)
    {
        for (var index = 0; index < values.Count; index++)
            if (value.ValueEquals(values[index])) return true;
        return false;
    }

    private static bool IsRight(TemplateField field, FieldType type, JsonElement value)
    {
        var text = JsonMarshal.GetRawUtf8Value(value)[1..^1];
        return type switch
        {
            FieldType.DateTime => IsTime(text),
            FieldType.Id => text.Length == IdLength && !text.ContainsAnyExcept(HexDigits),
            FieldType.Text => text.Length >= field.MinLength && text.Length <= field.MaxLength && Ascii.IsValid(text) && !text.Contains((byte)'\\') && !HoldsAny(text, field.Forbidden),
            FieldType.Choice => IsOneOf(field.Values, value),
            FieldType.Color => text.Length == "#RRGGBB".Length && text[0] == '#' && !text[1..].ContainsAnyExcept(HexDigits),
            FieldType.Email => text.Length > 2 && text.Count((byte)'@') == 1 && text[0] != '@' && text[^1] != '@' && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.Contains((byte)'\\'),
            FieldType.Duration => text is [(byte)'P', (byte)'T', _, .., (byte)'H' or (byte)'M'] && !text[2..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9'),
            _ => false,
        };
    }

    /// <summary>Returns whether the text is a time such as <c>2026-07-10T05:30:00Z</c>, with Z or an offset. Days after the 28th fail, so the length of months is not needed.</summary>
    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        if (text is not [_, _, _, _, (byte)'-', _, _, (byte)'-', _, _, (byte)'T', _, _, (byte)':', _, _, (byte)':', _, _, .. var zone]) return false;
        if (zone is not [(byte)'Z'] && !(zone is [(byte)'+' or (byte)'-', _, _, (byte)':', _, _] && IsIn(zone[1..], 0, 13) && IsIn(zone[4..], 0, 59))) return false;
        return IsIn(text, 0, 99) && IsIn(text[2..], 1, 99) && IsIn(text[5..], 1, 12) && IsIn(text[8..], 1, 28) && IsIn(text[11..], 0, 23) && IsIn(text[14..], 0, 59) && IsIn(text[17..], 0, 59);
    }

    private static bool IsIn(ReadOnlySpan<byte> digits, int least, int most) =>
        char.IsAsciiDigit((char)digits[0]) && char.IsAsciiDigit((char)digits[1]) && ((digits[0] - '0') * 10) + digits[1] - '0' is var number && number >= least && number <= most;

    private static bool HoldsAny(ReadOnlySpan<byte> text, string letters)
    {
        foreach (var letter in letters)
            if (text.Contains((byte)letter)) return true;
        return false;
    }

    private static bool IsTaken(Destination destination, JsonProperty member)
    {
        for (var index = 0; index < destination.Taken.Count; index++)
            if (member.NameEquals(destination.Taken[index])) return true;
        return false;
    }
}
