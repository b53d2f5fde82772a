using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering.Values;

/// <summary>The result of a conversion: new JSON, or a problem. If both are null, the value stays unchanged.</summary>
/// <param name="Json">The new value as JSON.</param>
/// <param name="Problem">The reason why the value cannot be converted, and the remedy.</param>
internal readonly record struct Converted(string? Json, string? Problem)
{
    public static readonly Converted Unchanged;

    public static Converted To(string json) => new(json, null);

    public static Converted Text(string text) => new(MacroPlace.JsonValue.Encode(text), null);

    public static Converted Refused(string problem) => new(null, problem);
}
