namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>Assigns columns to targets. Choices of a person have priority. Otherwise each target gets at most one column, and each column at most one target.</summary>
internal static class ColumnMatch
{
    /// <summary>Replaces the id of a target in a choice: the attribute is not sent.</summary>
    public const string Exclude = "exclude";

    /// <param name="choices">Maps an attribute to the id of a target, to <see cref="Exclude"/>, or to an empty text if it has no target.</param>
    /// <returns>Maps each attribute to the id of its target.</returns>
    public static Dictionary<string, string> Of(IReadOnlyList<SampleColumn> columns, IReadOnlyList<MappingTarget> targets, IReadOnlyDictionary<string, string> choices)
    {
        var found = columns.Where(column => choices.GetValueOrDefault(column.Attribute) is { Length: > 0 }).ToDictionary(column => column.Attribute, column => choices[column.Attribute], StringComparer.Ordinal);
        var free = columns.Where(column => !choices.ContainsKey(column.Attribute)).ToList();
        var open = targets.Where(target => !found.ContainsValue(target.Id)).ToList();
        Take(target => free.Find(column => target.HasOwnName && column.Attribute == target.Name && target.Takes(column)));
        Take(target => free.Find(column => target.HasOwnName && HeaderWords.Compact(column.Attribute) == HeaderWords.Compact(target.Name) && target.Takes(column)));
        Take(target => target.Words.Select(word => free.Find(column => HeaderWords.Compact(column.Attribute) == word && target.Takes(column))).FirstOrDefault(column => column is not null));
        Take(OneWord);
        return found;

        void Take(Func<MappingTarget, SampleColumn?> choose)
        {
            foreach (var target in open.ToList())
            {
                if (choose(target) is not { } column) continue;
                found.Add(column.Attribute, target.Id);
                free.Remove(column);
                open.Remove(target);
            }
        }

        // The header "Kunde (Rechnung)" contains a word of only one target, so it matches that target.
        SampleColumn? OneWord(MappingTarget target) => free.Find(column => Has(target, column) && !open.Exists(other => other != target && Has(other, column)));

        static bool Has(MappingTarget target, SampleColumn column) => HeaderWords.Split(column.Attribute).Any(word => target.Words.Contains(word)) && target.Takes(column);
    }
}
