using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The list of the objects of one kind in Clockify, and the rules for finding an id by name. The schema of the catalog describes the members.</summary>
/// <param name="Title">The name of the kind of object.</param>
/// <param name="List">The path below the base URL; null if Clockify has no such list.</param>
internal sealed record Lookup(string Name, string Title, string? List)
{
    /// <summary>Whether the list is a search with POST.</summary>
    public bool IsSearch { get; init; }

    public string? At { get; init; }

    /// <summary>The members by which a person identifies an object, the best one first.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>The member of an object that holds the id of its parent; null if it has none.</summary>
    public string? Within { get; init; }

    public string? Query { get; init; }

    public string? QueryParam { get; init; }

    public string? BodyParam { get; init; }

    /// <summary>The parameter <c>name=value</c> that makes a search exact. If it is null, a search finds all names that contain the text.</summary>
    public string? Exact { get; init; }

    public bool Unpaged { get; init; }

    /// <summary>Whether the answer is a single object instead of a list.</summary>
    public bool Single { get; init; }

    public int LargestPage { get; init; }

    public string? Says { get; init; }

    public string? SaysMany { get; init; }

    public bool Unique { get; init; }

    public ArchivedRule? Archived { get; init; }

    public bool ArchivedIsRefused { get; init; }

    /// <summary>The name of the endpoint that creates an object by its name.</summary>
    public string? Create { get; init; }

    public ArchiveRule? Restore { get; init; }

    /// <summary>The rule for the values of the objects; null if the objects have no values.</summary>
    public ItemValueRule? ItemValues { get; init; }

    /// <summary>Whether each parent has a list of its own.</summary>
    public bool IsListedByParent => Within is { } within && List?.Contains($"{{{within}}}", StringComparison.Ordinal) == true;

    /// <summary>The lookup of the parents, for example the projects if <see cref="Within"/> is <c>projectId</c>.</summary>
    public Lookup? Parent => field ??= Within is null ? null : EndpointCatalog.Lookups.Values.FirstOrDefault(other => other.Says is { } says && $"{says}Id" == Within);

    /// <summary>The name of one object in messages, for example <c>user group</c>.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "For a sentence.")]
    public string Noun => field ??= Title.ToLowerInvariant();
}

/// <summary>The member that shows whether an object is archived, and its value for archived objects.</summary>
/// <param name="Field">The dotted path of the member.</param>
internal sealed record ArchivedRule(string Field, string Is)
{
    public AttributePath Path { get; } = new(Field);

    /// <summary>The name of the state in messages: archived, done or inactive.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "For a sentence.")]
    public string Word => field ??= Is == "true" ? "archived" : Is.ToLowerInvariant();
}

/// <summary>The values that objects such as custom fields accept in the items of a list.</summary>
/// <param name="Type">The member of a listed object that contains the type of its values.</param>
/// <param name="Choices">The member that contains the accepted values, if only certain values are accepted.</param>
/// <param name="Types">The field type for each type of values.</param>
internal sealed record ItemValueRule(string Type, string Choices, IReadOnlyDictionary<string, FieldType> Types);
