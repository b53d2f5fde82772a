using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>What has to be found out or done at Clockify before a record can be resolved. Equal needs are met once.</summary>
internal abstract record Need(ListKey Key)
{
    /// <summary>The first page of a list, or the next one.</summary>
    internal sealed record Page(ListKey Key) : Need(Key);

    /// <summary>The objects of one name, where the pages that were read do not tell.</summary>
    /// <param name="Member">What is searched, one of <see cref="Lookup.By"/>.</param>
    internal sealed record Search(ListKey Key, string Member, string Name) : Need(Key);

    /// <summary>An object that does not exist.</summary>
    /// <param name="Name">Tidied.</param>
    /// <param name="Parent">Id of what it lies in; null if nothing.</param>
    internal sealed record Create(ListKey Key, string Name, string? Parent) : Need(Key)
    {
        public required Destination Creator { get; init; }

        /// <summary>Names that differ in letter case are one name: two records that write it differently do not make two objects.</summary>
        public bool Equals(Create? other) => other is not null && Key == other.Key && Parent == other.Parent && NameForms.Fold(Name) == NameForms.Fold(other.Name);

        public override int GetHashCode() => HashCode.Combine(Key, Parent, NameForms.Fold(Name));
    }

    /// <summary>An archived object that is to be active.</summary>
    internal sealed record Restore(ListKey Key, string Id) : Need(Key)
    {
        public required Destination Restorer { get; init; }

        public bool Equals(Restore? other) => other is not null && Key == other.Key && Id == other.Id;

        public override int GetHashCode() => HashCode.Combine(Key, Id);
    }

    public Lookup Lookup => EndpointCatalog.Lookups[Key.List];
}
