using System.Text.Json;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>An attribute of sample records.</summary>
/// <param name="Values">Its values as texts, empty ones left out.</param>
internal sealed record SampleColumn(string Attribute, IReadOnlyList<string> Values)
{
    /// <summary>Values that a proposal looks at.</summary>
    private const int MostValues = 100;

    private static readonly string[] Separators = [",", ";", "|"];

    /// <summary>Of ten values so many must be what a field takes: a file has wrong ones now and then.</summary>
    private const double Most = 0.9;

    /// <summary>Whether and how the values say dates or times.</summary>
    public DateShape? Dates => field ??= DateShape.Of(this);

    /// <summary>What separates several names in one value; null: no value has several.</summary>
    public string? Separator => Separators.Where(separator => Values.Any(value => value.Contains(separator, StringComparison.Ordinal))).MaxBy(separator => Values.Count(value => value.Contains(separator, StringComparison.Ordinal)));

    public bool HasMostly(Func<string, bool> predicate) => Values.Count(predicate) is > 0 and var found && found >= Most * Values.Count;

    /// <summary>The top-level attributes, in the order in which the records have them.</summary>
    public static IReadOnlyList<SampleColumn> Of(IEnumerable<JsonElement> records)
    {
        var columns = new OrderedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var member in records.Where(record => record.ValueKind == JsonValueKind.Object).SelectMany(record => record.EnumerateObject()))
        {
            if (!columns.TryGetValue(member.Name, out var values)) columns.Add(member.Name, values = []);
            if (member.Value.ToString() is { Length: > 0 } text && values.Count < MostValues) values.Add(text);
        }

        return [.. columns.Select(column => new SampleColumn(column.Key, column.Value))];
    }
}
