using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>How often people need an endpoint.</summary>
internal enum Tier
{
    Everyday,
    Administration,
    Rare,
}

/// <summary>What a second, equal call does.</summary>
internal enum Repeatability
{
    /// <summary>Leaves the same state.</summary>
    Same,

    /// <summary>Creates another object.</summary>
    New,

    /// <summary>Is refused, because the name is taken.</summary>
    Refused,

    /// <summary>Takes effect once more: adds an amount, or happens a second time.</summary>
    Again,

    /// <summary>Is refused, because the object is gone.</summary>
    Gone,

    /// <summary>Hits another object, because positions move.</summary>
    Shifts,

    /// <summary>Is refused, or ends what started in between.</summary>
    Ended,
}

/// <summary>A list that may hold an object.</summary>
/// <param name="List">Path with a query below the base URL. It may hold the endpoint's placeholders, <c>{me}</c> for the owner of the key, and in a <see cref="ReadBackRule"/> fields of the body.</param>
/// <param name="At">Dotted path of the list in the answer. Default: the answer is the list.</param>
/// <param name="Unpaged">The answer holds everything, whatever page is asked for.</param>
internal record ListRule(string? List, string? At = null, bool Unpaged = false);

/// <summary>How to read an existing object: with GET at the call's own URL, or from a list by its id.</summary>
internal sealed record ReadRule(string? List = null, string? At = null, bool Unpaged = false) : ListRule(List, At, Unpaged);

/// <summary>How to find a created object: the list, and the fields by which it is recognized. These are its natural key.</summary>
internal sealed record ReadBackRule(string List, IReadOnlyList<SameRule> Same, string? At = null, bool Unpaged = false) : ListRule(List, At, Unpaged);

/// <summary>A field of the body that an object in a list has as well.</summary>
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

/// <param name="Path">Dotted path of the field's value in an answer.</param>
/// <param name="Scale">Factor from the answer's number to the body's.</param>
internal sealed record MergeRule(string Field, string Path, decimal Scale = 1);

/// <param name="Endpoint">Name of the endpoint that archives.</param>
/// <param name="Set">The members that it sets.</param>
internal sealed record ArchiveRule(string Endpoint, JsonElement Set);
