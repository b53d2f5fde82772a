namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>Compares the actual workspace with the expected one. Pure.</summary>
/// <param name="CreatedTwice">Number of correct entries, tasks and tags that exist more often than expected.</param>
/// <param name="Differences">A line for each row that is not as expected.</param>
internal sealed record Comparison(
    int EntriesExpected, int EntriesMatching, int EntriesUnexpected, int QuarantinedExpected, int QuarantinedMatching, int QuarantinedUnexpected,
    int CreatedExpected, int CreatedMatching, int CreatedTwice, IReadOnlyList<string> Differences)
{
    public bool IsEqual => Differences.Count == 0;

    public static Comparison Of(Expectation expected, WorkspaceState actual, IReadOnlyCollection<QuarantinedRow> quarantined)
    {
        var differences = new List<string>();
        var (matching, twice) = CompareEntries(expected, actual, differences);
        var (quarantinedMatching, quarantinedUnexpected) = CompareQuarantine(expected, quarantined, differences);
        var wanted = expected.Created.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, count) in actual.Created.CountBy(name => name))
        {
            if (!wanted.Contains(name)) differences.Add($"{name}: was created, but is not expected.");
            if (count > 1) differences.Add($"{name}: was created {count} times.");
            twice += count - 1;
        }

        foreach (var name in expected.Created.Except(actual.Created)) differences.Add($"{name}: was not created.");
        return new Comparison(
            expected.Entries.Count, matching, actual.Entries.Count - matching, expected.Quarantined.Count, quarantinedMatching, quarantinedUnexpected,
            expected.Created.Count, expected.Created.Intersect(actual.Created).Count(), twice, differences);
    }

    private static (int Matching, int Twice) CompareEntries(Expectation expected, WorkspaceState actual, List<string> differences)
    {
        var found = actual.Entries.CountBy(entry => entry).ToDictionary();
        var missing = new List<(string Key, EntryLine Entry)>();
        foreach (var row in expected.Entries)
        {
            if (found.GetValueOrDefault(row.Entry) > 0) found[row.Entry]--;
            else missing.Add(row);
        }

        // The remaining entries were not expected. An entry with the user and description of a missing row is considered to be that row with wrong values.
        var surplus = found.SelectMany(entry => Enumerable.Repeat(entry.Key, entry.Value)).ToList();
        foreach (var (key, entry) in missing)
        {
            var wrong = surplus.FindIndex(other => other.Description == entry.Description && (other.User == entry.User || other.Start == entry.Start));
            differences.Add(wrong < 0 ? $"{key}: is missing: {entry}" : $"{key}: {string.Join("; ", Unequal(entry, surplus[wrong]))}");
            if (wrong >= 0) surplus.RemoveAt(wrong);
        }

        var wanted = expected.Entries.Select(row => row.Entry).ToHashSet();
        differences.AddRange(surplus.Select(entry => wanted.Contains(entry) ? $"exists twice: {entry}" : $"is not expected: {entry}"));
        return (expected.Entries.Count - missing.Count, surplus.Count(wanted.Contains));
    }

    private static (int Matching, int Unexpected) CompareQuarantine(Expectation expected, IReadOnlyCollection<QuarantinedRow> quarantined, List<string> differences)
    {
        // A row that is imported again is quarantined again.
        var found = quarantined.DistinctBy(row => row.Key).ToDictionary(row => row.Key, row => row.Kind, StringComparer.Ordinal);
        var matching = 0;
        foreach (var (key, kind) in expected.Quarantined)
        {
            if (!found.Remove(key, out var actual)) differences.Add($"{key}: is not in quarantine; expected as {kind}.");
            else if (actual != kind) differences.Add($"{key}: is in quarantine as {actual}; expected as {kind}.");
            else matching++;
        }

        differences.AddRange(found.Select(row => $"{row.Key}: is in quarantine as {row.Value}, but is not expected there."));
        return (matching, found.Count);
    }

    private static IEnumerable<string> Unequal(EntryLine expected, EntryLine actual) =>
        from property in typeof(EntryLine).GetProperties()
        let pair = (Expected: property.GetValue(expected), Actual: property.GetValue(actual))
        where !Equals(pair.Expected, pair.Actual)
        select $"{property.Name.ToLowerInvariant()} is '{pair.Actual}', not '{pair.Expected}'";
}
