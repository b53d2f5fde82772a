using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>A call that is needed before a record can be resolved. Equal needs share one call.</summary>
internal abstract record Need(ListKey Key)
{
    /// <summary>Read a page of a list.</summary>
    /// <param name="Number">The page after the known ones. If it has been read meanwhile, nothing is needed.</param>
    internal sealed record Page(ListKey Key, int Number) : Need(Key)
    {
        public static Page After(Snapshot? known, ListKey key) => new(key, (known?.Pages ?? 0) + 1);
    }

    /// <summary>Search the objects of one name, because the pages that were read do not decide.</summary>
    /// <param name="Member">The member to search, one of <see cref="Lookup.By"/>.</param>
    internal sealed record Search(ListKey Key, string Member, string Name) : Need(Key);

    /// <summary>Create an object that does not exist.</summary>
    /// <param name="Name">The name, normalized by <see cref="NameForms.Tidy"/>.</param>
    /// <param name="Parent">The id of the parent; null if the object has none.</param>
    internal sealed record Create(ListKey Key, string Name, string? Parent) : Need(Key)
    {
        public required Destination Creator { get; init; }

        /// <summary>Compares names without letter case, so that two records that write a name differently do not create two objects.</summary>
        public bool Equals(Create? other) => other is not null && Key == other.Key && Parent == other.Parent && NameForms.Fold(Name) == NameForms.Fold(other.Name);

        public override int GetHashCode() => HashCode.Combine(Key, Parent, NameForms.Fold(Name));
    }

    /// <summary>Make an archived object active.</summary>
    internal sealed record Restore(ListKey Key, string Id) : Need(Key)
    {
        public required Destination Restorer { get; init; }

        public bool Equals(Restore? other) => other is not null && Key == other.Key && Id == other.Id;

        public override int GetHashCode() => HashCode.Combine(Key, Id);
    }

    public Lookup Lookup => EndpointCatalog.Lookups[Key.List];
}
