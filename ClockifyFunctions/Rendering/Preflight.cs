using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>What Clockify would say of a body, told before a permit is spent on it. Knows shapes, not what exists in the workspace.</summary>
internal static class Preflight
{
    private const int IdLength = 24;
    private const string StartField = "start", EndField = "end";

    /// <summary>Behind the seconds of a plain time in quotes.</summary>
    private const int ZoneAt = 20;
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);
    /// <summary>What is wrong with an id in the path, of which Clockify says no more than that there is no such object; null if nothing is.</summary>
    public static Problem? WrongId(EndpointTemplate endpoint, Uri url)
    {
        var path = url.OriginalString.AsSpan();
        if (path.IndexOf('?') is var query and >= 0) path = path[..query];
        for (var index = endpoint.Segments.Length - 1; index >= 0; index--)
        {
            var slash = path.LastIndexOf('/');
            var name = endpoint.Segments[index];
            var id = path[(slash + 1)..];
            path = path[..slash];
            if (name[0] == '{' && !Names.IsClockifyId(id) && !(name == "{id}" && endpoint.Id!.Type != FieldType.Id))
                return new Problem("$", $"{FieldFault.Shown(Uri.UnescapeDataString(id.ToString()))} stands for {name} in the path and is no Clockify id; an id has 24 hexadecimal digits.");
        }

        return null;
    }

    /// <param name="payload">The body, or the record where the two say the same.</param>
    /// <param name="errors">What Clockify would refuse.</param>
    /// <param name="warnings">What Clockify would take and lose without a word.</param>
    public static void Check(EndpointTemplate endpoint, JsonElement payload, UpdateMode mode, ICollection<Problem> errors, ICollection<Problem> warnings)
    {
        if (!IsPlainlyRight(endpoint, payload, mode)) CheckEach(endpoint, payload, mode, errors, warnings);
    }

    /// <summary>The same without the look that lets most records pass.</summary>
    internal static void CheckEach(EndpointTemplate endpoint, JsonElement payload, UpdateMode mode, ICollection<Problem> errors, ICollection<Problem> warnings)
    {
        CheckMembers(endpoint.Fields, payload, "$", mode, $"'{endpoint.Title}' needs it. Add it, or map an attribute to it", errors);
        if (endpoint.Field(StartField) is not null && Time(payload, StartField) is { } start && Time(payload, EndField) is { } end && end.ToUnixTimeSeconds() < start.ToUnixTimeSeconds()) // Clockify cuts fractions.
            errors.Add(new Problem($"$.{EndField}", "is before start; exchange the two, or correct them."));
        foreach (var lost in endpoint.Lost)
            if (payload.TryGetProperty(lost.Name, out _)) warnings.Add(new Problem($"$.{lost.Name}", $"would be lost. {lost.Remedy}"));
    }

    private static void CheckMembers(IReadOnlyList<TemplateField> fields, JsonElement payload, string path, UpdateMode mode, string need, ICollection<Problem> errors)
    {
        foreach (var field in fields)
        {
            var place = $"{path}.{field.Name}";
            if (payload.TryGetProperty(field.Name, out var value) && value.ValueKind != JsonValueKind.Null) CheckValue(field, value, place, errors);
            // A merge takes what is missing from the object as it is, but sends null where the record says so.
            else if (field.Required && (mode == UpdateMode.Replace || value.ValueKind == JsonValueKind.Null)) errors.Add(new Problem(place, $"is missing; {need}."));
        }
    }

    /// <summary>The value, and what is in it.</summary>
    private static void CheckValue(TemplateField field, JsonElement value, string place, ICollection<Problem> errors)
    {
        if (IsPlainlyRight(field, value)) return;
        if (FieldFault.Of(field, value) is { } fault)
        {
            errors.Add(new Problem(place, fault));
            return;
        }

        var need = $"an item of {field.Name} needs it";
        if (field.Type == FieldType.Object) CheckMembers(field.Fields, value, place, UpdateMode.Replace, $"{field.Name} needs it", errors);
        else if (field.Type == FieldType.Objects)
            foreach (var (index, item) in value.EnumerateArray().Index()) CheckMembers(field.Fields, item, string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"), UpdateMode.Replace, need, errors);
    }

    /// <summary>What most records are like, told in one pass; where this says no, a look at each field decides.</summary>
    private static bool IsPlainlyRight(EndpointTemplate endpoint, JsonElement payload, UpdateMode mode)
    {
        var seen = 0UL;
        ReadOnlySpan<byte> start = default, end = default;
        foreach (var member in payload.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            var index = endpoint.IndexOf(name);
            if (index >= 0 ? !IsPlainlyRight(endpoint.Fields[index], member.Value) : endpoint.Loses(name) || name.Contains((byte)'\\')) return false;
            if (index < 0) continue;
            seen |= 1UL << index;
            if (endpoint.Fields[index].Type != FieldType.DateTime) continue;
            if (name.SequenceEqual("start"u8)) start = JsonMarshal.GetRawUtf8Value(member.Value);
            else if (name.SequenceEqual("end"u8)) end = JsonMarshal.GetRawUtf8Value(member.Value);
        }

        // Plain times in one zone are in order when their letters are.
        if (!start.IsEmpty && !end.IsEmpty && !(start[ZoneAt..].SequenceEqual(end[ZoneAt..]) && start.SequenceCompareTo(end) <= 0)) return false;

        return mode == UpdateMode.Merge || (endpoint.RequiredFields & ~seen) == 0;
    }

    /// <summary>What most values are like, told from their bytes; where this says no, <see cref="FieldFault"/> decides.</summary>
    internal static bool IsPlainlyRight(TemplateField field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return field.Type == FieldType.Boolean;
            case JsonValueKind.Array when field.Type is FieldType.Ids or FieldType.Emails && value.GetArrayLength() <= field.MaxLength && value.GetArrayLength() >= field.MinLength:
                foreach (var item in value.EnumerateArray())
                    if (item.ValueKind != JsonValueKind.String || !IsPlainlyRight(field, item)) return false;
                return true;
            case not JsonValueKind.String:
                return false;
        }

        var quoted = JsonMarshal.GetRawUtf8Value(value);
        var text = quoted[1..^1];
        return field.Type switch
        {
            FieldType.DateTime => IsPlainTime(text),
            FieldType.Id or FieldType.Ids => text.Length == IdLength && !text.ContainsAnyExcept(HexDigits),
            FieldType.Text => text.Length >= field.MinLength && text.Length <= field.MaxLength && Ascii.IsValid(text) && !text.Contains((byte)'\\') && !HoldsAny(text, field.Forbidden),
            FieldType.Choice => IsOneOf(field.Values, value),
            FieldType.Color => text.Length == "#RRGGBB".Length && text[0] == '#' && !text[1..].ContainsAnyExcept(HexDigits),
            FieldType.Email or FieldType.Emails => text.Length > 2 && text.Count((byte)'@') == 1 && text[0] != '@' && text[^1] != '@' && !text.ContainsAnyExceptInRange((byte)'!', (byte)'~') && !text.Contains((byte)'\\'),
            FieldType.Duration => text is [(byte)'P', (byte)'T', _, .., (byte)'H' or (byte)'M'] && !text[2..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9'),
            _ => false,
        };
    }

    /// <summary><c>2026-07-10T05:30:00Z</c>, or with an offset, on one of the days that every month has.</summary>
    private static bool IsPlainTime(ReadOnlySpan<byte> text)
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

    internal static bool IsOneOf(IReadOnlyList<string> values, JsonElement value)
    {
        for (var index = 0; index < values.Count; index++)
            if (value.ValueEquals(values[index])) return true;
        return false;
    }

    private static DateTimeOffset? Time(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParseExact(value.GetString(), FieldFault.DateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;
}
