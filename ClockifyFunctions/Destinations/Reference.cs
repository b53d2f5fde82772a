using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>How a record says which object it means.</summary>
internal enum ReferenceBy
{
    /// <summary>By the member that the lookup names first: the name, for users the e-mail address.</summary>
    Name,

    /// <summary>Users: by the e-mail address.</summary>
    Email,

    /// <summary>By the key of a record of another destination that synchronizes.</summary>
    Key,

    Id,
}

/// <summary>What happens where no object has the name.</summary>
internal enum WhenMissing
{
    /// <summary>The record is quarantined.</summary>
    Reject,

    /// <summary>The object is created.</summary>
    Create,

    /// <summary>The record is sent without it.</summary>
    Omit,
}

/// <summary>What happens where the object is archived.</summary>
internal enum WhenArchived
{
    Use,

    /// <summary>The record is quarantined.</summary>
    Reject,

    /// <summary>The object is made active.</summary>
    Restore,
}

/// <summary>What a record says instead of an id, validated. <see cref="ReferenceConfig"/> is what a person wrote.</summary>
/// <param name="Name">The slot's name; for an item of a list with the item's name: <c>customFields.Cost centre</c>.</param>
internal sealed record Reference(string Name, Lookup Lookup)
{
    /// <summary>The attribute that says which object is meant; for <see cref="SlotPlace.Items"/> the item's value.</summary>
    public required AttributePath From { get; init; }

    /// <summary>What is said for every record; null: the attribute says it.</summary>
    public string? Constant { get; init; }

    /// <summary>What the ids fill; null: they only tell in which parent another object is looked for.</summary>
    public ReferenceSlot? Slot { get; init; }

    public ReferenceBy By { get; init; }

    /// <summary>The member of a listed object that is compared with what is said.</summary>
    public required string Member { get; init; }

    /// <summary>By key: the destination whose keys are meant.</summary>
    public string? Of { get; init; }

    /// <summary>Name of the reference that says the parent; null if none does.</summary>
    public string? Within { get; init; }

    /// <summary>The parent's id where no reference says it. For lookups that are listed by parent.</summary>
    public Template? ParentId { get; init; }

    public WhenMissing Missing { get; init; }

    public WhenArchived Archived { get; init; }

    /// <summary>What separates several names in one text; null: the text is one name.</summary>
    public string? Split { get; init; }

    /// <summary>Creates an object: of a record with the name, the parent's id under <see cref="Lookup.Within"/>, and the config's constants.</summary>
    public Destination? Creator { get; init; }

    /// <summary>Makes an archived object active: of a record with its id and its parent's.</summary>
    public Destination? Restorer { get; init; }
}
