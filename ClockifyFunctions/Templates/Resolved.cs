namespace ClockifyFunctions.Templates;

/// <summary>Ids that rendering needs and the record does not hold.</summary>
internal sealed record Resolved
{
    public static readonly Resolved Nothing = new();

    /// <summary>By reference name, in the order in which the record names them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Ids { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
