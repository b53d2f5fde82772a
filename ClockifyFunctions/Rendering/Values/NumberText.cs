using System.Buffers;
using System.Globalization;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>Numbers as people write them, and amounts of money.</summary>
internal static class NumberText
{
    public static readonly SearchValues<char> Decimals = SearchValues.Create("0123456789.,");

    private const int GroupDigits = 3;

    /// <summary>What Clockify takes: records say 50 or 50.00 for an amount that it takes as 5000.</summary>
    private static readonly Dictionary<MoneyUnit, decimal> PerMajorUnit = new() { [MoneyUnit.Major] = 1, [MoneyUnit.Minor] = 100, [MoneyUnit.HundredthOfMinor] = 10_000 };

    public static Converted ToNumber(string text, TemplateField field, ValueOptions options)
    {
        if (options.Numbers is null && LooksGrouped(text)) return Converted.Refused($"{FieldFault.Shown(text)} may have a comma before its decimals or between thousands; say in the mapping \"culture\": \"de\" or \"en\".");
        var plain = options.Numbers is { } culture ? WithoutGroups(text, culture) : text.Count(',') == 1 && !text.Contains('.', StringComparison.Ordinal) ? text.Replace(',', '.') : text;
        if (plain is null || !decimal.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return Converted.Refused($"{FieldFault.Shown(text)} is no number{(options.Numbers is null ? "; write 1234.5, or say in the mapping how it is written: \"culture\": \"de\"" : " as the culture of the mapping writes it")}.");
        return ToNumber(number, FieldFault.Shown(text), field);
    }

    /// <summary>A number of the record: an amount of money gets Clockify's unit.</summary>
    public static Converted ToNumber(decimal number, string shown, TemplateField field)
    {
        var factor = field.Unit is { } unit ? PerMajorUnit[unit] : 1;
        if (factor > 1 && Math.Abs(number) > long.MaxValue / factor) return Converted.Refused($"{shown} is too large for an amount of money; correct it.");
        var value = number * factor;
        if (field.Type == FieldType.Integer && value != decimal.Truncate(value))
            return Converted.Refused(factor == 1 ? $"{shown} is no whole number; send one." : $"{shown} has more decimals than an amount of money may have here; round it to {(factor == 100 ? 2 : 4)}.");
        if (factor > 1 && (value < field.Minimum || value > field.Maximum))
            return Converted.Refused(string.Create(CultureInfo.InvariantCulture, $"{shown} is no amount{(field.Minimum / factor is { } least ? $" of {least} or more" : "")}{(field.Maximum / factor is { } most ? $" up to {most}" : "")}; correct it. 50 and 50.00 are fifty."));
        return Converted.To((field.Type == FieldType.Integer ? decimal.Truncate(value) : value).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary><c>1,500</c>: one and a half, or fifteen hundred.</summary>
    private static bool LooksGrouped(string text)
    {
        var digits = text.TrimStart('-', '+');
        return digits.IndexOf(',', StringComparison.Ordinal) is >= 1 and <= GroupDigits and var comma && digits[0] != '0' && digits.Length == comma + 1 + GroupDigits && !digits.Contains('.', StringComparison.Ordinal) && digits.Count(',') == 1;
    }

    /// <summary>With a dot before the decimals, and nothing between thousands; null if the separators do not stand where they belong.</summary>
    private static string? WithoutGroups(string text, NumberCulture culture)
    {
        var parts = text.Split(culture.Decimal);
        if (parts.Length > 2 || text.Any(culture.IsForeign)) return null;
        var groups = new string([.. parts[0].Select(letter => culture.IsGroup(letter) ? ' ' : letter)]).Split(' ');
        if (groups.Length > 1 && (groups[0].TrimStart('-', '+').Length is 0 or > GroupDigits || groups.Skip(1).Any(group => group.Length != GroupDigits))) return null;
        return parts.Length == 2 ? $"{string.Concat(groups)}.{parts[1]}" : string.Concat(groups);
    }
}
