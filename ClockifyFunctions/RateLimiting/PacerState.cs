using System.Globalization;

namespace ClockifyFunctions.RateLimiting;

/// <summary>What one holder of a gate leaves to the next. Ages, not times: no two machines need the same clock.</summary>
/// <param name="Ages">How long ago the latest calls left, youngest last.</param>
/// <param name="Pause">What is left of a pause after a 429.</param>
internal sealed record PacerState(IReadOnlyList<TimeSpan> Ages, TimeSpan Pause)
{
    /// <summary>No call was ever made.</summary>
    public static readonly PacerState Fresh = new([], TimeSpan.Zero);

    /// <summary>Blob metadata holds 8 KB in all; longer histories are merged towards the younger, which is the careful side.</summary>
    private const int MaxEntries = 400;

    /// <summary>Writes <c>pause;age×count,…</c> in milliseconds.</summary>
    public string Format()
    {
        var group = Math.Max(1, (int)Math.Ceiling(Ages.Count / (double)MaxEntries));
        // Youngest last, so the last of a group is its youngest; rounding down makes it younger still.
        var entries = Ages.Chunk(group).Select(ages => $"{(long)ages[^1].TotalMilliseconds}x{ages.Length}");
        return string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(Pause.TotalMilliseconds)};{string.Join(',', entries)}");
    }

    /// <summary>Null when the text is not one that <see cref="Format"/> wrote: the caller must then be as careful as after a crash.</summary>
    public static PacerState? TryParse(string? text)
    {
        if (text?.Split(';') is not [var pauseText, var entries] || !TryMilliseconds(pauseText, out var pause)) return null;
        var ages = new List<TimeSpan>();
        foreach (var entry in entries.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split('x') is not [var ageText, var countText]
                || !TryMilliseconds(ageText, out var age)
                || !int.TryParse(countText, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
            ages.AddRange(Enumerable.Repeat(age, count));
        }

        return new PacerState(ages, pause);
    }

    private static bool TryMilliseconds(string text, out TimeSpan value)
    {
        var sound = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds);
        value = TimeSpan.FromMilliseconds(milliseconds);
        return sound;
    }
}
