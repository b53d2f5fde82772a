using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Where the value of a field comes from: an attribute, a date and a time in two attributes, or a constant.</summary>
/// <param name="From">The attribute, or that of the date. Null: <paramref name="Value"/> is a constant.</param>
/// <param name="Time">The attribute with the time of day, where <paramref name="From"/> has the date alone.</param>
/// <param name="Type">What the value becomes. Null: it stays as it is.</param>
internal sealed record FieldSource(string Field, AttributePath? From, AttributePath? Time, JsonElement Value, TemplateField? Type, ValueOptions Options)
{
    /// <summary>The attributes that it reads.</summary>
    public IEnumerable<AttributePath> Attributes => new[] { From, Time }.OfType<AttributePath>();
}
