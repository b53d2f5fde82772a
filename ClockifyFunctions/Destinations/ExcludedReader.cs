using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads a config's <c>excludeAttributes</c>.</summary>
internal static class ExcludedReader
{
    private const int MostPaths = 1000;

    public static HashSet<string> Read(IReadOnlyList<string>? written, ICollection<Problem> problems)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        if (written is { Count: > MostPaths and var count })
        {
            problems.Add(new Problem("$.excludeAttributes", $"has {count} paths; at most {MostPaths} are read."));
            return paths;
        }

        foreach (var (index, path) in (written ?? []).Index())
        {
            var place = $"$.excludeAttributes[{index}]";
            if (path is null || !AttributePath.IsValid(path)) problems.Add(new Problem(place, $"'{path}' names no attribute."));
            else if (new AttributePath(path) is { HasNumber: true }) problems.Add(new Problem(place, $"'{path}' names an item of a list by its number; leave the number out, and the attribute is left out of all items."));
            else paths.Add(path);
        }

        return paths;
    }
}
