using System.Buffers;
using System.Globalization;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>Converts numbers and amounts of money from the notations that people use.</summary>
internal static class NumberText
{
    public static readonly SearchValues<char> Decimals = SearchValues.Create("0123456789.,");

    private const int GroupDigits = 3;

    /// <summary>Factor from the amount in a record to Clockify's unit. For example, Clockify expects 5000 for the amount 50.00.</summary>
    private static readonly Dictionary<MoneyUnit, decimal> PerMajorUnit = new() { [MoneyUnit.Major] = 1, [MoneyUnit.Minor] = 100, [MoneyUnit.HundredthOfMinor] = 10_000 };

    public static Converted ToNumber(string text, TemplateField field, ValueOptions options)
    {
        if (options.Numbers is null && LooksGrouped(text)) return Converted.Refused($"{FieldFault.Shown(text)} may have a comma before its decimals or between thousands; say in the mapping \"culture\": \"de\" or \"en\".");
        var plain = options.Numbers is { } culture ? WithoutGroups(text, culture) : text.Count(',') == 1 && !text.Contains('.', StringComparison.Ordinal) ? text.Replace(',', '.') : text;
        if (plain is null || !decimal.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return Converted.Refused($"{FieldFault.Shown(text)} is not a number{(options.Numbers is null ? "; write 1234.5, or describe its format in the mapping: \"culture\": \"de\"" : " as the culture of the mapping writes it")}.");
        return ToNumber(number, FieldFault.Shown(text), field);
    }

    /// <summary>Converts a number of the record. An amount of money is converted to Clockify's unit.</summary>
    public static Converted ToNumber(decimal number, string shown, TemplateField field)
    {
        var factor = field.Unit is { } unit ? PerMajorUnit[unit] : 1;
        if (factor > 1 && Math.Abs(number) > long.MaxValue / factor) return Converted.Refused($"{shown} is too large for an amount of money; correct it.");
        var value = number * factor;
        if (field.Type == FieldType.Integer && value != decimal.Truncate(value))
            return Converted.Refused(factor == 1 ? $"{shown} is not a whole number; send one." : $"{shown} has more decimals than an amount of money may have here; round it to {(factor == 100 ? 2 : 4)}.");
        if (factor > 1 && (value < field.Minimum || value > field.Maximum))
            return Converted.Refused(string.Create(CultureInfo.InvariantCulture, $"{shown} is not an amount{(field.Minimum / factor is { } least ? $" of {least} or more" : "")}{(field.Maximum / factor is { } most ? $" up to {most}" : "")}; correct it. 50 and 50.00 are fifty."));
        return Converted.To((field.Type == FieldType.Integer ? decimal.Truncate(value) : value).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Returns whether a number is ambiguous: <c>1,500</c> can mean 1.5 or 1500.</summary>
    private static bool LooksGrouped(string text)
    {
        var digits = text.TrimStart('-', '+');
        return digits.IndexOf(',', StringComparison.Ordinal) is >= 1 and <= GroupDigits and var comma && digits[0] != '0' && digits.Length == comma + 1 + GroupDigits && !digits.Contains('.', StringComparison.Ordinal) && digits.Count(',') == 1;
    }

    /// <summary>Returns the number with a dot as decimal separator and no group separators. Returns null if a separator is misplaced.</summary>
    private static string? WithoutGroups(string text, NumberCulture culture)
    {
        var parts = text.Split(culture.Decimal);
        if (parts.Length > 2 || text.Any(culture.IsForeign)) return null;
        var groups = new string([.. parts[0].Select(letter => culture.IsGroup(letter) ? ' ' : letter)]).Split(' ');
        if (groups.Length > 1 && (groups[0].TrimStart('-', '+').Length is 0 or > GroupDigits || groups.Skip(1).Any(group => group.Length != GroupDigits))) return null;
        return parts.Length == 2 ? $"{string.Concat(groups)}.{parts[1]}" : string.Concat(groups);
    }
}
