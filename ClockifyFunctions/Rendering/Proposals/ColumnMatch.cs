namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>Which column goes to which target. The choices of a person come first; then each target takes one column, and each column one target.</summary>
internal static class ColumnMatch
{
    /// <summary>In place of a target: the attribute is not sent.</summary>
    public const string Exclude = "exclude";

    /// <param name="choices">Attribute to the id of a target, to <see cref="Exclude"/>, or to an empty text: to nothing.</param>
    /// <returns>Attribute to the id of its target.</returns>
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

        // "Kunde (Rechnung)" has a word of one target only.
        SampleColumn? OneWord(MappingTarget target) => free.Find(column => Has(target, column) && !open.Exists(other => other != target && Has(other, column)));

        static bool Has(MappingTarget target, SampleColumn column) => HeaderWords.Split(column.Attribute).Any(word => target.Words.Contains(word)) && target.Takes(column);
    }
}
