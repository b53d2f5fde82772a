using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Turns what sources commonly deliver into what a field takes. What it does not know it leaves alone.</summary>
internal static class Conversion
{
    private static readonly string[] WithoutZone =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF",
    ];

    /// <summary>As sources write them: a space for the T, a zone of hours alone, or more digits than a tick has.</summary>
    private static readonly string[] WithZone =
    [
        .. from time in new[] { "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF" } from between in new[] { "' '", "'T'" } from zone in new[] { "K", "zz" } select $"yyyy-MM-dd{between}{time}{zone}",
    ];

    private const int MostFractionDigits = 7;

    /// <param name="json">The new value, when it returns true.</param>
    public static bool TryConvert(JsonElement value, TemplateField field, TimeZoneInfo zone, ICollection<Problem> refusals, out string json)
    {
        json = "";
        if (value.ValueKind == JsonValueKind.Number && field.Type == FieldType.Text) json = $"\"{value.GetRawText()}\"";
        if (value.ValueKind != JsonValueKind.String) return json.Length > 0;
        var text = value.GetString()!.Trim();
        switch (field.Type)
        {
            case FieldType.Boolean:
                if (text.Equals("true", StringComparison.OrdinalIgnoreCase)) json = "true";
                else if (text.Equals("false", StringComparison.OrdinalIgnoreCase)) json = "false";
                break;
            case FieldType.Integer:
                if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) json = number.ToString(CultureInfo.InvariantCulture);
                break;
            case FieldType.Number:
                if (decimal.TryParse(text, NumberStyles.Number & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var amount)) json = amount.ToString(CultureInfo.InvariantCulture);
                break;
            case FieldType.DateTime:
                var time = Shortened(text);
                if (DateTime.TryParseExact(time, WithoutZone, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)) json = ToUtc(local, field, zone, refusals);
                // What Clockify takes stays as it is.
                else if (!value.ValueEquals(time) || FieldFault.DateTimeFault(time) is not null)
                {
                    if (DateTimeOffset.TryParseExact(time, WithZone, CultureInfo.InvariantCulture, DateTimeStyles.None, out var known)) json = Utc(known.UtcDateTime);
                }

                break;
        }

        return json.Length > 0;
    }

    /// <summary>A time that the clocks passed twice is read as the later one (standard time).</summary>
    private static string ToUtc(DateTime local, TemplateField field, TimeZoneInfo zone, ICollection<Problem> refusals)
    {
        if (zone.IsInvalidTime(local))
            refusals.Add(new Problem($"$.{field.Name}", $"{local:yyyy-MM-dd HH:mm:ss} does not exist in {zone.Id}: the clocks were put forward over it. Send it with its zone."));
        var utc = local.Year is > 1 and < 9999 ? local - zone.GetUtcOffset(local) : local; // At the ends of the calendar there is nowhere to go.
        return Utc(utc);
    }

    private static string Utc(DateTime utc) => $"\"{utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\"";

    /// <summary>Without the digits of a fraction that are beyond a tick.</summary>
    private static string Shortened(string text)
    {
        if (text.IndexOf('.', StringComparison.Ordinal) is not (>= 0 and var dot)) return text;
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - dot - 1 > MostFractionDigits ? string.Concat(text.AsSpan(0, dot + 1 + MostFractionDigits), text.AsSpan(end)) : text;
    }
}
