using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>
/// Converts a value from a notation that people use to one that a field accepts. The type of the field and the options of the mapping select
/// the conversion. Pure. A value that is already valid stays unchanged, byte for byte. So does a JSON kind without a conversion; preflight checks it.
/// </summary>
internal static class ValueConversion
{
    /// <summary>Maximum number of digits of a text that is converted to a number without a declared type. No receiver rounds such a number.</summary>
    private const int MostDigitsByLook = 15;

    public static Converted Convert(JsonElement value, TemplateField field, ValueOptions options, in RenderContext context) => value.ValueKind switch
    {
        JsonValueKind.String => Convert(value.GetString()!, field, options, context),
        JsonValueKind.Number => Convert(value, field, options),
        _ => Converted.Unchanged,
    };

    /// <summary>Converts a text in a manual body, whose fields have no types. Only unambiguous texts are converted.</summary>
    /// <param name="alsoNumbers">Whether booleans and numbers are converted as well as dates.</param>
    public static Converted ByLook(JsonElement value, bool ofDates, bool alsoNumbers, in RenderContext context)
    {
        if (value.ValueKind != JsonValueKind.String) return Converted.Unchanged;
        var text = value.GetString()!;
        if (alsoNumbers && text is "true" or "false") return Converted.To(text);
        if (alsoNumbers && IsNumber(text)) return Converted.To(text);
        return ofDates ? DateText.ToMomentByItsLook(text, context) : Converted.Unchanged;
    }

    /// <summary>Returns the choice in Clockify's upper and lower case.</summary>
    public static string Choice(string text, TemplateField field) => field.Values.FirstOrDefault(known => known.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? text;

    private static Converted Convert(string original, TemplateField field, ValueOptions options, in RenderContext context)
    {
        var text = original.Trim();
        var converted = field.Type switch
        {
            FieldType.Boolean => BooleanText.ToBoolean(text),
            FieldType.Integer or FieldType.Number => NumberText.ToNumber(text, field, options),
            FieldType.DateTime => DateText.ToMoment(text, field, options, context),
            FieldType.Date => DateText.ToDate(text, options),
            FieldType.Time => DateText.ToTime(text, options),
            FieldType.Duration => ToDuration(text, options),
            FieldType.Ids or FieldType.Emails or FieldType.Texts or FieldType.Choices => ListText.ToList(text, field, options),
            FieldType.Choice => Converted.Text(Choice(text, field)),
            FieldType.Color => Converted.Text(text is ['#', var red, var green, var blue] && !text.AsSpan(1).ContainsAnyExcept(Names.HexLetters) ? $"#{red}{red}{green}{green}{blue}{blue}" : text),
            FieldType.Id or FieldType.Email or FieldType.Url => Converted.Text(text),
            _ => Converted.Unchanged,
        };
        return converted.Json is { } json && json == MacroPlace.JsonValue.Encode(original) ? Converted.Unchanged : converted;
    }

    private static Converted Convert(JsonElement number, TemplateField field, ValueOptions options) => field.Type switch
    {
        FieldType.Text => Converted.Text(number.GetRawText()),
        FieldType.Boolean when number.GetRawText() is "0" or "1" => BooleanText.ToBoolean(number.GetRawText()),
        FieldType.Duration => ToDuration(number.GetRawText(), options),
        FieldType.Integer or FieldType.Number when field.Unit is not (null or MoneyUnit.Major) && number.TryGetDecimal(out var amount) => NumberText.ToNumber(amount, FieldFault.Shown(number), field),
        _ => Converted.Unchanged,
    };

    private static Converted ToDuration(string text, ValueOptions options) =>
        DurationText.Read(text, options.Unit, out var problem) is not { } duration ? Converted.Refused(problem)
        : FieldFault.IsDuration(text) ? Converted.Text(text)
        : Converted.Text(DurationText.Iso(duration));

    private static bool IsNumber(string text)
    {
        var digits = text.AsSpan().TrimStart('-');
        return text.Length - digits.Length <= 1 && digits.Length is > 0 and <= MostDigitsByLook && char.IsAsciiDigit(digits[^1]) && char.IsAsciiDigit(digits[0]) && !(digits.Length > 1 && digits[0] == '0' && digits[1] != '.')
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
    }
}
