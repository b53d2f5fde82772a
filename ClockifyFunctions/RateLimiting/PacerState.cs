using System.Globalization;

namespace ClockifyFunctions.RateLimiting;

/// <summary>The call history that one holder of a gate writes for the next. It has ages instead of times, so that the clocks of two machines need not agree.</summary>
/// <param name="Ages">The ages of the latest calls, youngest last.</param>
/// <param name="Pause">The rest of a pause after a 429.</param>
internal sealed record PacerState(IReadOnlyList<TimeSpan> Ages, TimeSpan Pause)
{
    /// <summary>The history before the first call.</summary>
    public static readonly PacerState Fresh = new([], TimeSpan.Zero);

    /// <summary>Blob metadata holds 8 KB in all. In a longer history, neighbouring calls get the age of the youngest of them, which never permits a call too early.</summary>
    private const int MaxEntries = 400;

    /// <summary>Writes <c>pause;age×count,…</c> in milliseconds.</summary>
    public string Format()
    {
        var group = Math.Max(1, (int)Math.Ceiling(Ages.Count / (double)MaxEntries));
        // The last call of a group is its youngest. Milliseconds are rounded down, which makes calls younger.
        var entries = Ages.Chunk(group).Select(ages => $"{(long)ages[^1].TotalMilliseconds}x{ages.Length}");
        return string.Create(CultureInfo.InvariantCulture, $"{(long)Math.Ceiling(Pause.TotalMilliseconds)};{string.Join(',', entries)}");
    }

    /// <returns>Null when <see cref="Format"/> did not write the text. Then the caller proceeds as after a crash.</returns>
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
