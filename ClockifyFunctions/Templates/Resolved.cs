namespace ClockifyFunctions.Templates;

/// <summary>What step 4 found for the names in a record.</summary>
internal sealed class Resolved
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoIds = [];
    private static readonly Dictionary<string, ItemKind> NoItems = [];

    /// <summary>For destinations without references.</summary>
    public static readonly Resolved Nothing = new();

    /// <summary>By the reference's name: the ids in the order in which the record names their objects. A reference that the record leaves empty is missing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Ids { get; init; } = NoIds;

    /// <summary>By the reference's name: what values the object takes, for items of a list.</summary>
    public IReadOnlyDictionary<string, ItemKind> Items { get; init; } = NoItems;

    /// <summary>The zone of the user of the entry; null where it was not asked for or is not known.</summary>
    public TimeZoneInfo? UserZone { get; init; }
}

/// <summary>What values an object takes.</summary>
/// <param name="Type">As Clockify calls it.</param>
/// <param name="Choices">Empty: any of the type.</param>
internal sealed record ItemKind(string Type, IReadOnlyList<string> Choices);
