using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>Names that a person may have meant. Pure.</summary>
internal static class CloseNames
{
    private const int MostShown = 3, MostEdits = 2;

    /// <returns>As Clockify has them, the closest first, each with its state unless it is active.</returns>
    public static IReadOnlyList<string> Of(Snapshot snapshot, string member, string said)
    {
        var (index, wanted) = (IndexOf(snapshot.Lookup, member), NameForms.Fold(said));
        // A short name is close to half of all names.
        var edits = Math.Min(MostEdits, wanted.Length / 4);
        return
        [
            .. snapshot.Rows.Select(row => (Row: row, Distance: Distance(wanted, NameForms.Fold(row.Names[index]), edits)))
                .Where(one => one.Distance <= edits).OrderBy(one => one.Distance).ThenBy(one => one.Row.Names[index], StringComparer.Ordinal)
                .Select(one => $"{one.Row.Names[index]}{(one.Row.IsArchived ? $" ({snapshot.Lookup.Archived!.Word})" : "")}").Distinct().Take(MostShown),
        ];
    }

    private static int IndexOf(Lookup lookup, string member) => lookup.By.ToList().IndexOf(member);

    /// <summary>Letters to add, remove or exchange; more than <paramref name="most"/> where that many do not do.</summary>
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
