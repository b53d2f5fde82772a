using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>What Clockify would say of a body, told before a permit is spent on it. Knows shapes, not what exists in the workspace.</summary>
internal static class Preflight
{
    private static readonly string[] DateTimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    private const int IdLength = 24;
    private const string StartField = "start", EndField = "end";

    /// <summary>Behind the seconds of a plain time in quotes.</summary>
    private const int ZoneAt = 20;
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);
    private static readonly SearchValues<char> HexLetters = SearchValues.Create("0123456789abcdefABCDEF");

    public static bool IsId(ReadOnlySpan<char> text) => text.Length == IdLength && !text.ContainsAnyExcept(HexLetters);

    /// <summary>What is wrong with an id in the path, of which Clockify says no more than that there is no such object; null if nothing is.</summary>
    public static Problem? WrongId(EndpointTemplate endpoint, Uri url)
    {
        var path = url.OriginalString.AsSpan();
        for (var index = endpoint.Segments.Length - 1; index >= 0; index--)
        {
            var slash = path.LastIndexOf('/');
            var name = endpoint.Segments[index];
            var id = path[(slash + 1)..];
            path = path[..slash];
            if (name[0] == '{' && !IsId(id))
                return new Problem("$", $"{Shown(Uri.UnescapeDataString(id.ToString()))} stands for {name} in the path and is no Clockify id; an id has 24 hexadecimal digits.");
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
        foreach (var field in endpoint.Fields)
        {
            if (!payload.TryGetProperty(field.Name, out var value) || value.ValueKind == JsonValueKind.Null)
            {
                // A merge takes what is missing from the object as it is, but sends null where the record says so.
                if (field.Required && (mode == UpdateMode.Replace || value.ValueKind == JsonValueKind.Null)) errors.Add(new Problem($"$.{field.Name}", $"is missing; '{endpoint.Title}' needs it. Add it, or map an attribute to it."));
            }
            else if (!IsPlainlyRight(field, value) && Fault(field, value) is { } fault)
            {
                errors.Add(new Problem($"$.{field.Name}", fault));
            }
        }

        if (endpoint.Field(StartField) is not null && Time(payload, StartField) is { } start && Time(payload, EndField) is { } end && end.ToUnixTimeSeconds() < start.ToUnixTimeSeconds()) // Clockify cuts fractions.
            errors.Add(new Problem($"$.{EndField}", "is before start; exchange the two, or correct them."));
        foreach (var lost in endpoint.Lost)
            if (payload.TryGetProperty(lost.Name, out _)) warnings.Add(new Problem($"$.{lost.Name}", $"would be lost. {lost.Remedy}"));
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

    /// <summary>What most values are like, told from their bytes; where this says no, <see cref="Fault"/> decides.</summary>
    private static bool IsPlainlyRight(TemplateField field, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                return field.Type == FieldType.Boolean;
            case JsonValueKind.Array when field.Type is FieldType.Ids or FieldType.Emails && value.GetArrayLength() <= field.MaxLength:
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

    private static bool IsOneOf(IReadOnlyList<string> values, JsonElement value)
    {
        for (var index = 0; index < values.Count; index++)
            if (value.ValueEquals(values[index])) return true;
        return false;
    }

    private static DateTimeOffset? Time(JsonElement payload, string name) =>
        payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParseExact(value.GetString(), DateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time : null;

    private static string? Fault(TemplateField field, JsonElement value) => field.Type switch
    {
        FieldType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"is {Kinds.Name(value.ValueKind)}; send true or false without quotes, or set convert.",
        FieldType.Integer => IsWhole(value, out var number) && number >= 0 ? null : $"is {Shown(value)}; send a whole number, 0 or more.",
        FieldType.Rate => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("amount", out var amount) && IsWhole(amount, out var cents) && cents is >= 0 and <= int.MaxValue
            ? null : "is no rate; send {\"amount\": 5000} with a whole number of minor units, 0 or more.",
        FieldType.Object => value.ValueKind == JsonValueKind.Object ? null : $"is {Kinds.Name(value.ValueKind)}; send an object.",
        FieldType.Objects => List(field, value, static (_, item) => item.ValueKind == JsonValueKind.Object ? null : "an object"),
        FieldType.Ids => List(field, value, static (field, item) => item.ValueKind == JsonValueKind.String && (IsPlainlyRight(field, item) || IsId(item.GetString()!)) ? null : "an id of 24 hexadecimal digits"),
        FieldType.Emails => List(field, value, static (_, item) => item.ValueKind == JsonValueKind.String && IsEmail(item.GetString()!) ? null : "an e-mail address"),
        _ => value.ValueKind == JsonValueKind.String ? TextFault(field, value.GetString()!) : $"is {Kinds.Name(value.ValueKind)}; send text in quotes, or set convert.",
    };

    private static string? TextFault(TemplateField field, string text) => field.Type switch
    {
        FieldType.Text when text.Length < field.MinLength => $"has {text.Length} characters; Clockify wants at least {field.MinLength}.",
        FieldType.Text when text.Length > field.MaxLength => $"has {text.Length} characters; Clockify takes at most {field.MaxLength}.",
        FieldType.Text when text.AsSpan().ContainsAny(field.Forbidden) => $"holds one of the characters {string.Join(' ', field.Forbidden.ToCharArray())}, which Clockify refuses.",
        FieldType.DateTime => DateTimeFault(text),
        FieldType.Duration when !IsDuration(text) => $"{Shown(text)} is no ISO-8601 duration; write PT1H30M.",
        // An empty id means none.
        FieldType.Id when text.Length > 0 && !IsId(text) => $"{Shown(text)} is no Clockify id; an id has 24 hexadecimal digits.",
        FieldType.Color when !IsColor(text) => $"{Shown(text)} is no colour; write #RRGGBB.",
        FieldType.Email when text.Length > 0 && !IsEmail(text) => $"{Shown(text)} is no e-mail address.",
        FieldType.Choice when !field.Values.Contains(text) => $"{Shown(text)} is unknown; use {string.Join(" or ", field.Values)}.",
        _ => null,
    };

    public static string? DateTimeFault(string text)
    {
        if (!DateTimeOffset.TryParseExact(text, DateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            return $"{Shown(text)} is no date and time; write 2026-07-10T05:30:00Z, or set timeZone to have dates converted.";
        return HasZone(text) ? null : $"{Shown(text)} has no time zone, and Clockify refuses it; end it with Z or an offset, or set timeZone.";
    }

    private static string? List(TemplateField field, JsonElement value, Func<TemplateField, JsonElement, string?> wanted)
    {
        if (value.ValueKind != JsonValueKind.Array) return $"is {Kinds.Name(value.ValueKind)}; send a list.";
        if (value.GetArrayLength() > field.MaxLength) return $"has {value.GetArrayLength()} items; Clockify takes at most {field.MaxLength}.";
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (wanted(field, item) is { } kind) return $"item {index} ({Shown(item)}) is not {kind}.";
            index++;
        }

        return null;
    }

    private static bool IsWhole(JsonElement value, out long number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out number);
    }

    private static string Shown(JsonElement value) => Shown(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

    private static string Shown(string text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..60]}…'";

    private static bool IsColor(string text) => text is ['#', ..] && text.Length == "#RRGGBB".Length && !text.AsSpan(1).ContainsAnyExcept(HexLetters);

    private static bool IsEmail(string text) => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && text.LastIndexOf('@') == at && !text.Any(char.IsWhiteSpace);

    private static bool HasZone(string text) =>
        text is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _] && (text[^1] == 'Z' || new[] { text[^5], text[^4], text[^2], text[^1] }.All(char.IsAsciiDigit));

    /// <summary><c>P1D</c>, <c>PT1H30M</c>, <c>P1DT1.5S</c>: each unit at most once, in this order, and at least one.</summary>
    private static bool IsDuration(ReadOnlySpan<char> text)
    {
        if (text is not ['P', _, ..]) return false;
        text = text[1..];
        TakeNumber(ref text, 'D', mayHaveFraction: false);
        if (text.IsEmpty) return true;
        if (text is not ['T', _, ..]) return false;
        text = text[1..];
        TakeNumber(ref text, 'H', mayHaveFraction: false);
        TakeNumber(ref text, 'M', mayHaveFraction: false);
        TakeNumber(ref text, 'S', mayHaveFraction: true);
        return text.IsEmpty;
    }

    /// <summary>Moves past digits and their unit; leaves the text as it is when it starts with anything else.</summary>
    private static void TakeNumber(ref ReadOnlySpan<char> text, char unit, bool mayHaveFraction)
    {
        var end = CountDigits(text);
        if (end == 0) return;
        if (mayHaveFraction && end < text.Length && text[end] == '.' && CountDigits(text[(end + 1)..]) is > 0 and var fraction) end += 1 + fraction;
        if (end < text.Length && text[end] == unit) text = text[(end + 1)..];
    }

    private static int CountDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;
}
