using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>What a column can be mapped to.</summary>
/// <param name="Id">Where the config says it: <c>mapping.start</c>, <c>mapping.start.date</c>, <c>references.project</c> or <c>key</c>.</param>
/// <param name="Words">What people call it, the best first.</param>
internal sealed record MappingTarget(string Id, string Name, string Description, IReadOnlyList<string> Words)
{
    /// <summary>Null: it takes names, or a key.</summary>
    public TemplateField? Field { get; init; }

    /// <summary>Whether it is only the date of a field that takes date and time.</summary>
    public bool IsDatePart { get; init; }

    /// <summary>Whether an attribute of its name goes to it without being mapped. For a reference its words say what fits best: an address is better than the name of a user.</summary>
    public bool HasOwnName => !IsDatePart && (Field is not null || Words.Count == 0);

    /// <summary>The reference takes a list.</summary>
    public bool Many { get; init; }

    /// <summary>The reference that may have to say in which object this one lies; null if none does.</summary>
    public string? Parent { get; init; }

    /// <summary>The id field that the reference fills; null: none.</summary>
    public string? Fills { get; init; }

    /// <summary>Whether the values of a column can be what it takes, a wrong one now and then left aside. Without values, everything can.</summary>
    public bool Takes(SampleColumn column)
    {
        if (column.Values.Count == 0 || (Field is null && !IsDatePart)) return true;
        if (IsDatePart) return column.Dates is { HasDate: true, HasTime: false };
        return Field!.Type switch
        {
            FieldType.DateTime => column.Dates is not null,
            FieldType.Date => column.Dates is { HasDate: true, HasTime: false },
            FieldType.Time => column.Dates is { HasDate: false },
            FieldType.Text or FieldType.Any or FieldType.Ids or FieldType.Texts or FieldType.Emails or FieldType.Choices => true,
            _ => column.HasMostly(value => Reads(Field, value)),
        };
    }

    private static bool Reads(TemplateField field, string value)
    {
        var said = JsonElement.Parse(MacroPlace.JsonValue.Encode(value));
        var converted = ValueConversion.Convert(said, field, ValueOptions.None, new RenderContext(default, default, TimeZoneInfo.Utc, Resolved.Nothing));
        return converted.Problem is null && FieldFault.Of(field, converted.Json is { } json ? JsonElement.Parse(json) : said) is null;
    }
}
