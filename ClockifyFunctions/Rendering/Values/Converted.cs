using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>What a conversion makes of a value: JSON, or a problem, or neither: then the value stays as it is.</summary>
/// <param name="Json">The new value.</param>
/// <param name="Problem">Why there is none, and the remedy.</param>
internal readonly record struct Converted(string? Json, string? Problem)
{
    public static readonly Converted Unchanged;

    public static Converted To(string json) => new(json, null);

    public static Converted Text(string text) => new(MacroPlace.JsonValue.Encode(text), null);

    public static Converted Refused(string problem) => new(null, problem);
}
