using System.Globalization;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>
/// Reads durations: <c>1.5</c>, <c>1,5</c>, <c>1:30</c>, <c>1:30:00</c>, <c>90m</c>, <c>1h 30m</c>, <c>PT1H30M</c>. A number without a unit
/// means hours unless the mapping specifies another unit. The result has whole seconds, because Clockify stores whole seconds.
/// </summary>
internal static class DurationText
{
    private const int MostHours = 999, MostDigits = 15;
    private const decimal PerMinute = 60, PerHour = 3600, PerDay = 86400;

    /// <summary>Reads a duration. Returns null and the problem if the text is not a duration.</summary>
    public static TimeSpan? Read(string text, DurationUnit? unit, out string problem)
    {
        problem = $"{FieldFault.Shown(text)} is not a duration; write 1.5 (hours), 1:30, 1h 30m or PT1H30M.";
        var bare = Number(text);
        var seconds = bare * (unit switch { DurationUnit.Minutes => PerMinute, DurationUnit.Seconds => 1, _ => PerHour }) ?? OfClock(text) ?? OfIso(text) ?? OfUnits(text);
        if (seconds is not { } found) return null;
        if (found <= MostHours * PerHour) return TimeSpan.FromSeconds((long)Math.Round(found, MidpointRounding.AwayFromZero));
        problem = $"{FieldFault.Shown(text)} is more than {MostHours} hours; correct it{(unit is null && bare is not null ? ", or say in the mapping \"unit\": \"minutes\" or \"seconds\"" : "")}.";
        return null;
    }

    /// <summary>Returns the seconds of a duration such as <c>1:30</c> or <c>1:30:00</c>.</summary>
    private static decimal? OfClock(string text)
    {
        var parts = text.Split(':');
        if (parts.Length is not (2 or 3) || !parts.All(part => part.All(char.IsAsciiDigit)) || parts[0].Length is 0 or > 4) return null;
        if (parts.Skip(1).Any(part => part.Length != 2 || string.CompareOrdinal(part, "60") >= 0)) return null;
        return (Number(parts[0]) * PerHour) + (Number(parts[1]) * PerMinute) + (parts.Length == 3 ? Number(parts[2]) : 0);
    }

    /// <summary>Returns the seconds of a duration such as <c>PT1H30M</c> or <c>P1DT2H</c>.</summary>
    private static decimal? OfIso(string text)
    {
        if (text is not ['P', _, ..] || text[^1] == 'T') return null;
        var time = text.IndexOf('T', StringComparison.Ordinal);
        var days = time == 1 ? 0 : Sum(time < 0 ? text[1..] : text[1..time], ("D", PerDay));
        return time < 0 ? days : days + Sum(text[(time + 1)..], ("H", PerHour), ("M", PerMinute), ("S", 1));
    }

    /// <summary>Returns the seconds of a duration such as <c>90m</c>, <c>1h 30m</c>, <c>45 min</c> or <c>1.5 h</c>.</summary>
    private static decimal? OfUnits(string text) => Sum(text.ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Replace("min", "m", StringComparison.Ordinal), ("h", PerHour), ("m", PerMinute), ("s", 1));

    /// <summary>Adds numbers with units. The text must contain at least one unit, each at most once, in the given order.</summary>
    private static decimal? Sum(string text, params ReadOnlySpan<(string Unit, decimal Seconds)> units)
    {
        var (sum, rest) = (0m, text);
        foreach (var (unit, seconds) in units)
        {
            if (rest.IndexOf(unit, StringComparison.Ordinal) is not (> 0 and var end)) continue;
            if (Number(rest[..end]) is not { } number) return null;
            sum += number * seconds;
            rest = rest[(end + 1)..];
        }

        return rest.Length == 0 && text.Length > 0 ? sum : null;
    }

    /// <summary>Reads a non-negative number with a dot or a comma as decimal separator.</summary>
    private static decimal? Number(string text) =>
        text.Length is > 0 and <= MostDigits && char.IsAsciiDigit(text[^1]) && char.IsAsciiDigit(text[0]) && text.AsSpan().IndexOfAnyExcept(NumberText.Decimals) < 0
            && decimal.TryParse(text.Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Formats a duration in the ISO 8601 form that Clockify accepts.</summary>
    public static string Iso(TimeSpan duration)
    {
        var (hours, minutes, seconds) = ((long)duration.TotalHours, duration.Minutes, duration.Seconds);
        var text = string.Create(CultureInfo.InvariantCulture, $"PT{(hours > 0 ? $"{hours}H" : "")}{(minutes > 0 ? $"{minutes}M" : "")}{(seconds > 0 ? $"{seconds}S" : "")}");
        return text == "PT" ? "PT0S" : text;
    }
}
