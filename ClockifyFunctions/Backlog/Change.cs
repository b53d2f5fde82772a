using System.Globalization;

namespace ClockifyFunctions.Backlog;

/// <summary>The change that a record made to the object of its key.</summary>
internal enum Change
{
    Created,
    Updated,

    /// <summary>An existing object without a link was linked to the key.</summary>
    Adopted,

    /// <summary>An archived object was restored.</summary>
    Restored,

    /// <summary>The object already equals the record, or the record may not change it.</summary>
    Unchanged,
    Archived,
    Deleted,
}

/// <summary>The number of changes of each kind. Immutable.</summary>
internal readonly record struct ChangeCounts(long Created, long Updated, long Adopted, long Restored, long Unchanged, long Archived, long Deleted)
{
    public ChangeCounts With(Change change) => change switch
    {
        Change.Created => this with { Created = Created + 1 },
        Change.Updated => this with { Updated = Updated + 1 },
        Change.Adopted => this with { Adopted = Adopted + 1 },
        Change.Restored => this with { Restored = Restored + 1 },
        Change.Unchanged => this with { Unchanged = Unchanged + 1 },
        Change.Archived => this with { Archived = Archived + 1 },
        _ => this with { Deleted = Deleted + 1 },
    };

    /// <summary>The numbers in the order of the members, for blob metadata.</summary>
    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{Created},{Updated},{Adopted},{Restored},{Unchanged},{Archived},{Deleted}");

    /// <summary>Parses the output of <see cref="Format"/>. Any other text gives zeros.</summary>
    public static ChangeCounts Parse(string? text)
    {
        var numbers = (text?.Split(',') ?? []).Select(part => long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        return numbers is [var created, var updated, var adopted, var restored, var unchanged, var archived, var deleted] ? new ChangeCounts(created, updated, adopted, restored, unchanged, archived, deleted) : default;
    }
}
