using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Where Clockify lists the objects of one kind, and how a name becomes an id. The schema of the catalog describes the members.</summary>
/// <param name="Title">What one of the objects is called.</param>
/// <param name="List">Path below the base URL; null: Clockify has no such list.</param>
internal sealed record Lookup(string Name, string Title, string? List)
{
    /// <summary>Whether the list is a search with POST.</summary>
    public bool IsSearch { get; init; }

    public string? At { get; init; }

    /// <summary>Members that tell one object from another for a person, the best first.</summary>
    public IReadOnlyList<string> By { get; init; } = [];

    /// <summary>The member of an object that holds the id of its parent; null if it has none.</summary>
    public string? Within { get; init; }

    public string? Query { get; init; }

    public string? QueryParam { get; init; }

    public string? BodyParam { get; init; }

    /// <summary><c>name=value</c> that makes a search exact; null: it finds what contains the text.</summary>
    public string? Exact { get; init; }

    public bool Unpaged { get; init; }

    /// <summary>The answer is the one object.</summary>
    public bool Single { get; init; }

    public int LargestPage { get; init; }

    public string? Says { get; init; }

    public string? SaysMany { get; init; }

    public bool Unique { get; init; }

    public ArchivedRule? Archived { get; init; }

    public bool ArchivedIsRefused { get; init; }

    /// <summary>Name of the endpoint that creates one by its name.</summary>
    public string? Create { get; init; }

    public ArchiveRule? Restore { get; init; }

    /// <summary>Null: the objects get no values.</summary>
    public ItemValueRule? ItemValues { get; init; }

    /// <summary>Whether each parent has a list of its own.</summary>
    public bool IsListedByParent => Within is { } within && List?.Contains($"{{{within}}}", StringComparison.Ordinal) == true;

    /// <summary>The lookup of the parents: that whose objects are called as <see cref="Within"/> says.</summary>
    public Lookup? Parent => field ??= Within is null ? null : EndpointCatalog.Lookups.Values.FirstOrDefault(other => other.Says is { } says && $"{says}Id" == Within);

    /// <summary>As messages name one: <c>user group</c>.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "For a sentence.")]
    public string Noun => field ??= Title.ToLowerInvariant();
}

/// <summary>The member that tells that an object is archived, and the value that it then has.</summary>
/// <param name="Field">Dotted path.</param>
internal sealed record ArchivedRule(string Field, string Is)
{
    public AttributePath Path { get; } = new(Field);

    /// <summary>As messages call the state: archived, done, inactive.</summary>
    [SuppressMessage("Globalization", "CA1308", Justification = "For a sentence.")]
    public string Word => field ??= Is == "true" ? "archived" : Is.ToLowerInvariant();
}

/// <summary>What values the objects take that a record gives them in an item of a list, such as custom fields.</summary>
/// <param name="Type">The member of a listed object with the type of its values.</param>
/// <param name="Choices">The member with the values that it takes, if it takes only some.</param>
/// <param name="Types">The type of a field for each of these types.</param>
internal sealed record ItemValueRule(string Type, string Choices, IReadOnlyDictionary<string, FieldType> Types);
