using System.Globalization;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads a number of a config.</summary>
internal static class Ranges
{
    public static int Read(int? value, int fallback, int least, int most, string path, ICollection<Problem> problems)
    {
        if (value is not { } given) return fallback;
        if (given >= least && given <= most) return given;
        problems.Add(new Problem(path, string.Create(CultureInfo.InvariantCulture, $"{given} is not within {least} to {most}.")));
        return fallback;
    }
}
