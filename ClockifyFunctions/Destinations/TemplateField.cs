using System.Text;
using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>A value that an endpoint takes: a field of the body, or an input of the URL. The schema of the catalog describes the members.</summary>
internal sealed record TemplateField(string Name, FieldType Type, string Description)
{
    public static readonly IReadOnlyDictionary<string, string> ListsNone = new Dictionary<string, string>();

    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>The name that a person reads. For inputs.</summary>
    public string Title { get; init; } = "";

    /// <summary>Attribute of the record that gives an input unless the destination gives it.</summary>
    public string? From { get; init; }

    /// <summary>Whether an input stands in the query; else in the path.</summary>
    public bool Query { get; init; }

    public bool Required { get; init; }

    /// <summary>Without it Clockify starts a timer, or lets it run. Required unless the destination says <c>timers</c>.</summary>
    public bool Timer { get; init; }

    /// <summary>The time of day of a date that has none. Null: such a date is refused.</summary>
    public TimeOnly? At { get; init; }

    /// <summary>Null: the field is sent. Else it is a duration that gives another field.</summary>
    public AddsRule? Adds { get; init; }

    /// <summary>Characters of a text; items of a list.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <inheritdoc cref="MaxLength"/>
    public int MinLength { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    /// <summary>Null: the field is no amount of money.</summary>
    public MoneyUnit? Unit { get; init; }

    /// <summary>What Clockify assumes when a field is left out, or the text of an input that nobody gives; null if that is nothing simple.</summary>
    public JsonElement? Default { get; init; }

    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Characters that Clockify refuses anywhere in the text.</summary>
    public string Forbidden { get; init; } = "";

    /// <summary>Name of the lookup whose objects the value names.</summary>
    public string? RefersTo { get; init; }

    /// <summary>What references call it, unless it is the name that the lookup gives.</summary>
    public string? Says { get; init; }

    /// <summary>Left out, the field lists these words for the fields that the record carries.</summary>
    public IReadOnlyDictionary<string, string> Lists { get; init; } = ListsNone;

    /// <summary>Members of an object, or of each object in a list.</summary>
    public IReadOnlyList<TemplateField> Fields { get; init; } = [];
}

internal enum MoneyUnit
{
    Minor,
    Major,
    HundredthOfMinor,
}

/// <summary>A duration that is not sent: added to the time of one field, it gives that of another.</summary>
internal sealed record AddsRule(string To, string Gives);

/// <summary>A field that Clockify takes without error and drops, and what to do instead.</summary>
internal sealed record LostField(string Name, string Remedy);
