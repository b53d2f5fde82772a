namespace ClockifyFunctions.Templates;

/// <summary>What step 4 found for the names in a record.</summary>
internal sealed class Resolved
{
    private static readonly Dictionary<string, IReadOnlyList<string>> NoIds = [];

    /// <summary>For destinations without references.</summary>
    public static readonly Resolved Nothing = new();

    /// <summary>By the reference's name: the ids in the order in which the record names their objects. A reference that the record leaves empty is missing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Ids { get; init; } = NoIds;

    /// <summary>The zone of the user of the entry; null where it was not asked for or is not known.</summary>
    public TimeZoneInfo? UserZone { get; init; }
}
