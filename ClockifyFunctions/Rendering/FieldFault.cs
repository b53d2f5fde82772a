using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Describes what is wrong with one value of a field.</summary>
internal static class FieldFault
{
    public static readonly string[] DateTimeFormats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Returns the problem of the value, or null if the value is valid.</summary>
    public static string? Of(TemplateField field, JsonElement value) => field.Type switch
    {
        FieldType.Any => null,
        FieldType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"is {Kinds.Name(value.ValueKind)}; send true or false without quotes.",
        FieldType.Integer or FieldType.Number => NumberFault(field, value),
        FieldType.Object => value.ValueKind == JsonValueKind.Object ? null : $"is {Kinds.Name(value.ValueKind)}; send an object{Members(field)}.",
        FieldType.Objects => List(field, value, static (_, item) => item.ValueKind == JsonValueKind.Object ? null : "an object"),
        FieldType.Ids => List(field, value, static (field, item) => item.ValueKind == JsonValueKind.String && Names.IsClockifyId(item.GetString()!) ? null : "an id of 24 hexadecimal digits"),
        FieldType.Emails => List(field, value, static (_, item) => item.ValueKind == JsonValueKind.String && IsEmail(item.GetString()!) ? null : "an e-mail address"),
        FieldType.Texts => List(field, value, static (_, item) => item.ValueKind == JsonValueKind.String ? null : "text"),
        FieldType.Choices => List(field, value, static (field, item) => item.ValueKind == JsonValueKind.String && PlainLook.IsOneOf(field.Values, item) ? null : $"one of {string.Join(", ", field.Values)}"),
        FieldType.File => MultipartFormat.ProblemOf(value),
        _ => value.ValueKind == JsonValueKind.String ? TextFault(field, value.GetString()!) : $"is {Kinds.Name(value.ValueKind)}; send text in quotes.",
    };

    private static string? NumberFault(TemplateField field, JsonElement value)
    {
        var isWhole = field.Type == FieldType.Integer;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && (!isWhole || value.TryGetInt64(out _)) && !(number < field.Minimum) && !(number > field.Maximum)) return null;
        var (least, most) = (field.Minimum, field.Maximum);
        return $"is {Shown(value)}; send a {(isWhole ? "whole " : "")}number{(least, most) switch
        {
            ({ } from, { } to) => string.Create(CultureInfo.InvariantCulture, $" from {from} to {to}"),
            ({ } from, null) => string.Create(CultureInfo.InvariantCulture, $", {from} or more"),
            (null, { } to) => string.Create(CultureInfo.InvariantCulture, $", {to} or less"),
            _ => "",
        }}.";
    }

    private static string Members(TemplateField field) => field.Fields.Count == 0 ? "" : $" with the members {string.Join(", ", field.Fields.Select(member => member.Name))}";

    private static string? TextFault(TemplateField field, string text) => field.Type switch
    {
        FieldType.Text when text.Length < field.MinLength => $"has {text.Length} characters; Clockify wants at least {field.MinLength}.",
        FieldType.Text when text.Length > field.MaxLength => $"has {text.Length} characters; Clockify takes at most {field.MaxLength}.",
        FieldType.Text when text.AsSpan().ContainsAny(field.Forbidden) => $"holds one of the characters {string.Join(' ', field.Forbidden.ToCharArray())}, which Clockify refuses.",
        FieldType.DateTime => DateTimeFault(text),
        FieldType.Date when !DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => $"{Shown(text)} is not a date; write 2026-07-10.",
        FieldType.Time when !TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _) => $"{Shown(text)} is not a time of day; write 05:30 or 05:30:00.",
        FieldType.Url when !(Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "https" or "http") => $"{Shown(text)} is not an address; write https://….",
        FieldType.Duration when !IsDuration(text) => $"{Shown(text)} is not an ISO-8601 duration; write PT1H30M.",
        // An empty text means that no object is set, so it is not checked as an id.
        FieldType.Id when text.Length > 0 && !Names.IsClockifyId(text) => $"{Shown(text)} is not a Clockify id; an id has 24 hexadecimal digits.",
        FieldType.Color when !IsColor(text) => $"{Shown(text)} is not a colour; write #RRGGBB.",
        FieldType.Email when text.Length > 0 && !IsEmail(text) => $"{Shown(text)} is not an e-mail address.",
        FieldType.Choice when !field.Values.Contains(text) => $"{Shown(text)} is unknown; use {string.Join(" or ", field.Values)}.",
        _ => null,
    };

    public static string? DateTimeFault(string text)
    {
        if (!DateTimeOffset.TryParseExact(text, DateTimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            return $"{Shown(text)} is not a date and time; write 2026-07-10T05:30:00Z.";
        return HasZone(text) ? null : $"{Shown(text)} has no time zone, and Clockify refuses it; end it with Z or an offset.";
    }

    private static string? List(TemplateField field, JsonElement value, Func<TemplateField, JsonElement, string?> wanted)
    {
        if (value.ValueKind != JsonValueKind.Array) return $"is {Kinds.Name(value.ValueKind)}; send a list.";
        if (value.GetArrayLength() > field.MaxLength) return $"has {value.GetArrayLength()} items; Clockify takes at most {field.MaxLength}.";
        if (value.GetArrayLength() < field.MinLength) return $"has {value.GetArrayLength()} items; Clockify needs at least {field.MinLength}.";
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (wanted(field, item) is { } kind) return $"item {index} ({Shown(item)}) is not {kind}.";
            index++;
        }

        return null;
    }

    public static string Shown(JsonElement value) => Shown(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());

    public static string Shown(string text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..60]}…'";

    private static bool IsColor(string text) => text is ['#', ..] && text.Length == "#RRGGBB".Length && !text.AsSpan(1).ContainsAnyExcept(Names.HexLetters);

    private static bool IsEmail(string text) => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && text.LastIndexOf('@') == at && !text.Any(char.IsWhiteSpace);

    private static bool HasZone(string text) =>
        text is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _] && (text[^1] == 'Z' || new[] { text[^5], text[^4], text[^2], text[^1] }.All(char.IsAsciiDigit));

    /// <summary>Returns whether the text is an ISO 8601 duration such as <c>P1D</c>, <c>PT1H30M</c> or <c>P1DT1.5S</c>: at least one unit, each at most once, in this order.</summary>
    public static bool IsDuration(ReadOnlySpan<char> text)
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

    /// <summary>Removes a number and its unit from the start of the text. Does not change the text if it starts with anything else.</summary>
    private static void TakeNumber(ref ReadOnlySpan<char> text, char unit, bool mayHaveFraction)
    {
        var end = CountDigits(text);
        if (end == 0) return;
        if (mayHaveFraction && end < text.Length && text[end] == '.' && CountDigits(text[(end + 1)..]) is > 0 and var fraction) end += 1 + fraction;
        if (end < text.Length && text[end] == unit) text = text[(end + 1)..];
    }

    private static int CountDigits(ReadOnlySpan<char> text) => text.IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : text.Length;
}
