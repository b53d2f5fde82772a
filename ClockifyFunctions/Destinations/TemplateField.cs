using System.Text;
using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>A value that an endpoint accepts: a field of the body, or an input of the URL. The schema of the catalog describes the members.</summary>
internal sealed record TemplateField(string Name, FieldType Type, string Description)
{
    public static readonly IReadOnlyDictionary<string, string> ListsNone = new Dictionary<string, string>();

    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>For inputs: the name that the console shows.</summary>
    public string Title { get; init; } = "";

    /// <summary>The attribute that gives an input if the config does not set it.</summary>
    public string? From { get; init; }

    /// <summary>Whether an input is part of the query; otherwise it is part of the path.</summary>
    public bool Query { get; init; }

    public bool Required { get; init; }

    /// <summary>If the field is missing, Clockify starts a timer, or a running timer continues. The field is required unless the config allows <c>timers</c>.</summary>
    public bool Timer { get; init; }

    /// <summary>The time of day for dates without one; null if such a date is refused.</summary>
    public TimeOnly? At { get; init; }

    /// <summary>For a duration that is not sent but gives another field. Null if the field is sent.</summary>
    public AddsRule? Adds { get; init; }

    /// <summary>The maximum number of characters of a text, or of items in a list.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <summary>The minimum number of characters of a text, or of items in a list.</summary>
    public int MinLength { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    /// <summary>The unit of an amount of money; null if the field is not an amount of money.</summary>
    public MoneyUnit? Unit { get; init; }

    /// <summary>The value that Clockify uses if the field is missing, or the text of an input that is not set. Null if there is no simple value.</summary>
    public JsonElement? Default { get; init; }

    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Characters that Clockify refuses in the text.</summary>
    public string Forbidden { get; init; } = "";

    /// <summary>The name of the lookup that lists the objects of this value.</summary>
    public string? RefersTo { get; init; }

    /// <summary>The name in references, if it differs from <see cref="Lookup.Says"/> of the lookup.</summary>
    public string? Says { get; init; }

    /// <summary>The words for the fields that a record contains. If the record does not contain this field, the field lists these words.</summary>
    public IReadOnlyDictionary<string, string> Lists { get; init; } = ListsNone;

    /// <summary>The members of an object, or of each object in a list.</summary>
    public IReadOnlyList<TemplateField> Fields { get; init; } = [];
}

internal enum MoneyUnit
{
    Minor,
    Major,
    HundredthOfMinor,
}

/// <summary>A duration that is not sent. It is added to the time of one field and gives the time of another field.</summary>
internal sealed record AddsRule(string To, string Gives);

/// <summary>A field that Clockify accepts without an error and drops, and the remedy.</summary>
internal sealed record LostField(string Name, string Remedy);
