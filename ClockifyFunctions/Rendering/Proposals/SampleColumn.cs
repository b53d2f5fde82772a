using System.Text.Json;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>An attribute of sample records.</summary>
/// <param name="Values">The values as texts, without empty ones.</param>
internal sealed record SampleColumn(string Attribute, IReadOnlyList<string> Values)
{
    /// <summary>Maximum number of values that a proposal examines.</summary>
    private const int MostValues = 100;

    private static readonly string[] Separators = [",", ";", "|"];

    /// <summary>Minimum share of values that a field must accept. A file can contain some wrong values.</summary>
    private const double Most = 0.9;

    /// <summary>The date and time format of the values; null if they are neither dates nor times.</summary>
    public DateShape? Dates => field ??= DateShape.Of(this);

    /// <summary>The separator between several names in one value; null if each value has one name.</summary>
    public string? Separator => Separators.Where(separator => Values.Any(value => value.Contains(separator, StringComparison.Ordinal))).MaxBy(separator => Values.Count(value => value.Contains(separator, StringComparison.Ordinal)));

    public bool HasMostly(Func<string, bool> predicate) => Values.Count(predicate) is > 0 and var found && found >= Most * Values.Count;

    /// <summary>Returns the top-level attributes as columns, in the order of the records.</summary>
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
