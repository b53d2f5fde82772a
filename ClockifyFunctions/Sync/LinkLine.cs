using System.Globalization;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Sync;

/// <summary>A line of a links log: the new link of a key.</summary>
/// <param name="Key">Empty if the line deletes the hashes of all keys.</param>
/// <param name="Hash">32 hexadecimal digits; null if not known.</param>
/// <param name="Run">The run of the record that changed the link.</param>
internal sealed record LinkLine(
    [property: JsonPropertyName("k")] string Key,
    [property: JsonPropertyName("s")] LinkState State,
    [property: JsonPropertyName("id")] string? Id,
    [property: JsonPropertyName("p")] string? Parent,
    [property: JsonPropertyName("h")] string? Hash,
    [property: JsonPropertyName("run")] string? Run,
    [property: JsonPropertyName("at")] DateTimeOffset At)
{
    public static LinkLine Of(string key, Link link, string? run = null) => new(
        key, link.State, link.Id.IsNone ? null : link.Id.ToString(), link.Parent.IsNone ? null : link.Parent.ToString(), link.Hash == 0 ? null : link.Hash.ToString("x32", CultureInfo.InvariantCulture), run, link.At);

    /// <summary>The line that deletes all hashes.</summary>
    public static LinkLine Resync(DateTimeOffset at) => new("", LinkState.None, null, null, null, null, at);

    public Link ToLink() => new(State, ObjectId.Parse(Id), ObjectId.Parse(Parent), UInt128.TryParse(Hash, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash) ? hash : 0, At);
}
