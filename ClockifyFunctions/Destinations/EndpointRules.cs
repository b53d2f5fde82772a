using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>How often people need an endpoint.</summary>
internal enum Tier
{
    Everyday,
    Administration,
    Rare,
}

/// <summary>What a second, equal call does. The schema of the catalog describes the values.</summary>
internal enum Repeatability
{
    Same,
    New,
    Refused,
    Again,
    Gone,
    Shifts,
    Ended,
}

/// <summary>A list that may hold an object.</summary>
/// <param name="List">Path and query below the base URL, with placeholders.</param>
/// <param name="At">Dotted path of the list in the answer. Null: the answer is the list.</param>
/// <param name="Unpaged">The answer holds everything, whatever page is asked for.</param>
internal record ListRule(string? List, string? At = null, bool Unpaged = false);

/// <summary>How to read an existing object: from a list by its id, or without a list with GET at the call's own URL.</summary>
internal sealed record ReadRule(string? List = null, string? At = null, bool Unpaged = false) : ListRule(List, At, Unpaged);

/// <summary>How to find a created object: the list, and the fields by which it is recognized. These are its natural key.</summary>
internal sealed record ReadBackRule(string List, IReadOnlyList<SameRule> Same, string? At = null, bool Unpaged = false) : ListRule(List, At, Unpaged);

/// <param name="Sent">Dotted path in the body.</param>
/// <param name="Found">Dotted path in the object.</param>
internal sealed record SameRule(string Sent, string Found, SameKind As = SameKind.Text);

internal enum SameKind
{
    Text,
    Email,

    /// <summary>A time, to the second. Left out of the body it is the server's time at the call.</summary>
    Moment,
}

/// <summary>Where an answer holds a field's value, and the factor from the answer's number to the body's.</summary>
internal sealed record MergeRule(string Field, string Path, decimal Scale = 1);

/// <summary>The endpoint that archives, and what it sets.</summary>
internal sealed record ArchiveRule(string Endpoint, JsonElement Set);
