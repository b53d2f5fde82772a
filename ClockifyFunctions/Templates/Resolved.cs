namespace ClockifyFunctions.Templates;

/// <summary>The resolved references of a record: the result of step 4.</summary>
internal sealed class Resolved
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoIds = [];
    private static readonly Dictionary<string, ItemKind> NoItems = [];

    /// <summary>The value for destinations without references.</summary>
    public static readonly Resolved Nothing = new();

    /// <summary>Maps the name of a reference to its ids, in the order of the names in the record. References without a value in the record are not included.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Ids { get; init; } = NoIds;

    /// <summary>Maps the name of a reference to the values that its object accepts, for items of a list such as custom fields.</summary>
    public IReadOnlyDictionary<string, ItemKind> Items { get; init; } = NoItems;

    /// <summary>The time zone of the record's user; null if the zone was not requested or is not known.</summary>
    public TimeZoneInfo? UserZone { get; init; }
}

/// <summary>The values that an object, such as a custom field, accepts.</summary>
/// <param name="Type">Clockify's name of the type.</param>
/// <param name="Choices">The accepted values; empty if every value of the type is accepted.</param>
internal sealed record ItemKind(string Type, IReadOnlyList<string> Choices);
