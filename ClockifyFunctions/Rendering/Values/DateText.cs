using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>Reads dates and times in the formats that sources use. An ambiguous text is refused.</summary>
internal static class DateText
{
    private const int MostFractionDigits = 7;

    /// <summary>ISO 8601 and common variants: a space instead of the T, no seconds, a zone with hours only, or no zone.</summary>
    private static readonly string[] Iso =
        [.. from time in new[] { "HH:mm:ss", "HH:mm", "HH:mm:ss.FFFFFFF" } from between in new[] { "'T'", "' '" } from zone in new[] { "K", "zz" } select $"yyyy-MM-dd{between}{time}{zone}"];

    private static readonly string[] IsoDate = ["yyyy-MM-dd"], IsoTime = ["HH:mm", "HH:mm:ss", "H:mm", "H:mm:ss"];

    /// <summary>Converts a date and time to UTC. A text that Clockify accepts stays unchanged.</summary>
    public static Converted ToMoment(string text, TemplateField field, ValueOptions options, in RenderContext context)
    {
        if (!TryRead(text, options.Format, out var at, out var hasTime))
            return Converted.Refused(options.Format is { } format ? $"{FieldFault.Shown(text)} does not match the format {format.Text}." : $"{FieldFault.Shown(text)} is not a date and time in ISO 8601; write 2026-07-10T05:30:00Z, or describe its format in the mapping: {{\"from\": \"Start\", \"format\": \"dd.MM.yyyy HH:mm\"}}.");
        if (!hasTime)
        {
            if ((options.At ?? field.At) is not { } timeOfDay) return Converted.Refused($"{FieldFault.Shown(text)} has no time of day; send it, or say it in the mapping: {{\"from\": \"Day\", \"at\": \"09:00\"}}.");
            at += timeOfDay.ToTimeSpan();
        }

        if (at.Kind == DateTimeKind.Utc) return options.Format is null && FieldFault.DateTimeFault(text) is null ? Converted.Text(text) : Converted.To(Utc(at));
        if (context.Zone is not { } zone)
            return Converted.Refused($"{FieldFault.Shown(text)} has no time zone{(context.UsesUserZone ? ", and that of the record's user is not known; end it with Z or an offset, or set timeZone to an IANA name" : "; end it with Z or an offset, or set timeZone")}.");
        return ToUtc(at, zone);
    }

    /// <summary>Combines a date and a time of day from two attributes.</summary>
    public static Converted ToMoment(string date, string time, TemplateField field, ValueOptions options, in RenderContext context)
    {
        if (options.Format is not null) return ToMoment($"{date} {time}", field, options, context);
        if (!DateFormat.TryRead(date, IsoDate, out _)) return Converted.Refused($"{FieldFault.Shown(date)} is not a date in ISO 8601; write 2026-07-10, or describe the format of date and time in the mapping: \"format\": \"dd.MM.yyyy HH:mm\".");
        return DateFormat.TryRead(time, IsoTime, out var at)
            ? ToMoment($"{date} {at:HH:mm:ss}", field, options, context)
            : Converted.Refused($"{FieldFault.Shown(time)} is not a time of day; write 05:30, or describe the format of date and time in the mapping: \"format\": \"dd.MM.yyyy HH:mm\".");
    }

    public static Converted ToDate(string text, ValueOptions options)
    {
        if (options.Format is null) return DateFormat.TryRead(text, IsoDate, out _) ? Converted.Text(text) : Converted.Refused($"{FieldFault.Shown(text)} is not a date in ISO 8601; write 2026-07-10, or describe its format in the mapping: {{\"from\": \"Day\", \"format\": \"dd.MM.yyyy\"}}.");
        return options.Format.TryRead(text, out var at) ? Converted.To($"\"{at:yyyy-MM-dd}\"") : Converted.Refused($"{FieldFault.Shown(text)} does not match the format {options.Format.Text}.");
    }

    public static Converted ToTime(string text, ValueOptions options)
    {
        if (options.Format is { } format ? format.TryRead(text, out var at) : DateFormat.TryRead(text, IsoTime, out at)) return Converted.To($"\"{at:HH:mm:ss}\"");
        return Converted.Refused(options.Format is null ? $"{FieldFault.Shown(text)} is not a time of day; write 05:30 or 05:30:00." : $"{FieldFault.Shown(text)} does not match the format {options.Format.Text}.");
    }

    /// <summary>Converts a text of an undeclared type. Only a date and time in ISO 8601 without a zone is converted.</summary>
    public static Converted ToMomentByItsLook(string text, in RenderContext context)
    {
        if (text.Length < "2026-07-10T05:30".Length || !char.IsAsciiDigit(text[0]) || !TryRead(text, null, out var at, out var hasTime) || !hasTime || at.Kind == DateTimeKind.Utc) return Converted.Unchanged;
        return ToMoment(text, new TemplateField("", FieldType.DateTime, ""), ValueOptions.None, context);
    }

    private static bool TryRead(string text, DateFormat? format, out DateTime at, out bool hasTime)
    {
        hasTime = format?.HasTime ?? true;
        if (format is not null) return format.TryRead(text, out at);
        if (DateFormat.TryRead(Shortened(text), Iso, out at)) return true;
        hasTime = false;
        return DateFormat.TryRead(text, IsoDate, out at);
    }

    /// <summary>Converts a local time to UTC. A time that does not exist because the clocks are put forward is refused. Of two possible times, the earlier one is used.</summary>
    private static Converted ToUtc(DateTime local, TimeZoneInfo zone)
    {
        if (local.Year is 1 or 9999) return Converted.Refused($"{local:yyyy-MM-dd} is at the end of the calendar; correct it.");
        if (zone.IsInvalidTime(local)) return Converted.Refused($"{local:yyyy-MM-dd HH:mm:ss} does not exist in {zone.Id}: the clocks were put forward over it. Correct it, or send it with its offset.");
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return Converted.To(Utc(local - offset));
    }

    private static string Utc(DateTime utc) => $"\"{utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\"";

    /// <summary>Removes the digits of a fraction of a second that are smaller than a .NET tick.</summary>
    private static string Shortened(string text)
    {
        if (text.IndexOf('.', StringComparison.Ordinal) is not (>= 0 and var dot)) return text;
        var end = dot + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - dot - 1 > MostFractionDigits ? string.Concat(text.AsSpan(0, dot + 1 + MostFractionDigits), text.AsSpan(end)) : text;
    }
}
