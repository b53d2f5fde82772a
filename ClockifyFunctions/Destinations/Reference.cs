using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The member by which a record identifies an object.</summary>
internal enum ReferenceBy
{
    /// <summary>By the first member of the lookup: the name, or for users the e-mail address.</summary>
    Name,

    /// <summary>For users: by the e-mail address.</summary>
    Email,

    /// <summary>By the key of a record of another destination that synchronizes.</summary>
    Key,

    Id,
}

/// <summary>The treatment of a name that no object has.</summary>
internal enum WhenMissing
{
    /// <summary>The record is quarantined.</summary>
    Reject,

    /// <summary>The object is created.</summary>
    Create,

    /// <summary>The record is sent without the reference.</summary>
    Omit,
}

/// <summary>The treatment of a reference to an archived object.</summary>
internal enum WhenArchived
{
    Use,

    /// <summary>The record is quarantined.</summary>
    Reject,

    /// <summary>The object is made active.</summary>
    Restore,
}

/// <summary>A validated reference: how a record names an object instead of giving its id. <see cref="ReferenceConfig"/> is the form in a config.</summary>
/// <param name="Name">The name of the slot. For an item of a list, it includes the name of the item: <c>customFields.Cost centre</c>.</param>
internal sealed record Reference(string Name, Lookup Lookup)
{
    /// <summary>The attribute that names the object. For <see cref="SlotPlace.Items"/>, the attribute that contains the item's value.</summary>
    public required AttributePath From { get; init; }

    /// <summary>The name that is the same for every record; null if the attribute contains the name.</summary>
    public string? Constant { get; init; }

    /// <summary>The slot that receives the ids. If it is null, the object is only the parent in which another object is looked up.</summary>
    public ReferenceSlot? Slot { get; init; }

    public ReferenceBy By { get; init; }

    /// <summary>The member of a listed object that is compared with the name in the record.</summary>
    public required string Member { get; init; }

    /// <summary>For references by key: the destination that has the keys.</summary>
    public string? Of { get; init; }

    /// <summary>The name of the reference for the parent; null if no reference gives the parent.</summary>
    public string? Within { get; init; }

    /// <summary>The parent's id if no reference gives the parent. For lookups in which each parent has its own list.</summary>
    public Template? ParentId { get; init; }

    public WhenMissing Missing { get; init; }

    public WhenArchived Archived { get; init; }

    /// <summary>The separator of several names in one text; null if the text is a single name.</summary>
    public string? Split { get; init; }

    /// <summary>Creates an object from a record that contains the name, the parent's id under <see cref="Lookup.Within"/>, and the constants of the config.</summary>
    public Destination? Creator { get; init; }

    /// <summary>Makes an archived object active, from a record that contains the ids of the object and its parent.</summary>
    public Destination? Restorer { get; init; }
}
