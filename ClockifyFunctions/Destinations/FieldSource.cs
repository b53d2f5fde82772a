using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The source of a field's value: an attribute, a date and a time in two attributes, or a constant.</summary>
/// <param name="From">The attribute with the value or the date. If it is null, <paramref name="Value"/> is a constant.</param>
/// <param name="Time">The attribute with the time of day, if <paramref name="From"/> contains only the date.</param>
/// <param name="Type">The type to which the value is converted; null if it is not converted.</param>
internal sealed record FieldSource(string Field, AttributePath? From, AttributePath? Time, JsonElement Value, TemplateField? Type, ValueOptions Options)
{
    /// <summary>The attributes that this source reads.</summary>
    public IEnumerable<AttributePath> Attributes => new[] { From, Time }.OfType<AttributePath>();
}
