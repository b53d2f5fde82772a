using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>A target that a column can be mapped to.</summary>
/// <param name="Id">Path of the mapping in the config: <c>mapping.start</c>, <c>mapping.start.date</c>, <c>references.project</c> or <c>key</c>.</param>
/// <param name="Words">Header words that people use for the target, the best first.</param>
internal sealed record MappingTarget(string Id, string Name, string Description, IReadOnlyList<string> Words)
{
    /// <summary>The field of the endpoint; null if the target is a reference or the key.</summary>
    public TemplateField? Field { get; init; }

    /// <summary>Whether the target is only the date part of a field with date and time.</summary>
    public bool IsDatePart { get; init; }

    /// <summary>
    /// Whether an attribute with the name of the target needs no mapping. For a reference, the order of its words decides which column fits
    /// best: an e-mail address is better than the name of a user.
    /// </summary>
    public bool HasOwnName => !IsDatePart && (Field is not null || Words.Count == 0);

    /// <summary>Whether the reference accepts a list.</summary>
    public bool Many { get; init; }

    /// <summary>The reference to the parent object, such as the project of a task, that may be needed to find this object; null if none is needed.</summary>
    public string? Parent { get; init; }

    /// <summary>The id field that the reference fills; null if it fills none.</summary>
    public string? Fills { get; init; }

    /// <summary>Returns whether the target accepts most values of a column. A column without values is always accepted.</summary>
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
        var json = JsonElement.Parse(MacroPlace.JsonValue.Encode(value));
        var converted = ValueConversion.Convert(json, field, ValueOptions.None, new RenderContext(default, default, TimeZoneInfo.Utc, Resolved.Nothing));
        return converted.Problem is null && FieldFault.Of(field, converted.Json is { } text ? JsonElement.Parse(text) : json) is null;
    }
}
