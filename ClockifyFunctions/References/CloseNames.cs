using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>Finds names that are similar to a misspelt name.</summary>
internal static class CloseNames
{
    private const int MostShown = 3, MostEdits = 2;

    /// <returns>The names as Clockify writes them, the most similar first. Objects that are not active have their state after the name.</returns>
    public static IReadOnlyList<string> Of(Snapshot snapshot, string member, string value)
    {
        var (index, wanted) = (IndexOf(snapshot.Lookup, member), NameForms.Fold(value));
        // A short name is similar to too many other names.
        var edits = Math.Min(MostEdits, wanted.Length / 4);
        return
        [
            .. snapshot.Rows.Select(row => (Row: row, Distance: Distance(wanted, NameForms.Fold(row.Names[index]), edits)))
                .Where(one => one.Distance <= edits).OrderBy(one => one.Distance).ThenBy(one => one.Row.Names[index], StringComparer.Ordinal)
                .Select(one => $"{one.Row.Names[index]}{(one.Row.IsArchived ? $" ({snapshot.Lookup.Archived!.Word})" : "")}").Distinct().Take(MostShown),
        ];
    }

    private static int IndexOf(Lookup lookup, string member) => lookup.By.ToList().IndexOf(member);

    /// <summary>Returns the number of letters to add, remove or exchange; a number above <paramref name="most"/> if more than <paramref name="most"/> are needed.</summary>
    private static int Distance(string one, string other, int most)
    {
        if (Math.Abs(one.Length - other.Length) > most) return most + 1;
        var before = new int[other.Length + 1];
        for (var column = 0; column <= other.Length; column++) before[column] = column;
        for (var row = 1; row <= one.Length; row++)
        {
            var now = new int[other.Length + 1];
            now[0] = row;
            for (var column = 1; column <= other.Length; column++)
                now[column] = Math.Min(Math.Min(now[column - 1], before[column]) + 1, before[column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1));
            before = now;
        }

        return before[^1];
    }
}
