using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>How commonly an endpoint is used.</summary>
internal enum Tier
{
    Everyday,
    Administration,
    Rare,
}

/// <summary>The effect of a second, equal call. The schema of the catalog describes the values.</summary>
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

/// <summary>A list that may contain an object.</summary>
/// <param name="List">The path and query below the base URL, with placeholders.</param>
/// <param name="At">The dotted path of the list in the answer; null if the answer is the list.</param>
/// <param name="Unpaged">Whether the answer contains the whole list, regardless of the requested page.</param>
internal record ListRule(string? List, string? At = null, bool Unpaged = false);

/// <summary>How to read an existing object: by its id from a list, or with GET at the URL of the call if there is no list.</summary>
internal sealed record ReadRule(string? List = null, string? At = null, bool Unpaged = false) : ListRule(List, At, Unpaged);

/// <summary>How to find a created object: the list, and the fields that identify the object. These fields are its natural key.</summary>
internal sealed record ReadBackRule(string List, IReadOnlyList<SameRule> Same, string? At = null, bool Unpaged = false) : ListRule(List, At, Unpaged);

/// <param name="Sent">The dotted path in the body.</param>
/// <param name="Found">The dotted path in the object.</param>
internal sealed record SameRule(string Sent, string Found, SameKind As = SameKind.Text);

internal enum SameKind
{
    Text,
    Email,

    /// <summary>A time that is compared to the second. If the body does not contain it, the server uses the time of the call.</summary>
    Moment,
}

/// <summary>The place of a field's value in an answer, and the factor that converts the number in the answer to the number in the body.</summary>
internal sealed record MergeRule(string Field, string Path, decimal Scale = 1);

/// <summary>The endpoint that archives the object, and the values that it sets.</summary>
internal sealed record ArchiveRule(string Endpoint, JsonElement Set);
