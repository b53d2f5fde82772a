using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>An object of a list.</summary>
/// <param name="Names">The name of the object for each member of <see cref="Lookup.By"/>.</param>
/// <param name="Parent">The id of the object's parent; null if it has none.</param>
/// <param name="Json">The whole object, as Clockify listed it.</param>
/// <param name="VerifiedAt">When Clockify last returned the object.</param>
internal sealed record Listed(string Id, IReadOnlyList<string> Names, string? Parent, bool IsArchived, RawJson Json, DateTimeOffset VerifiedAt)
{
    /// <summary>Returns null if the JSON is not an object with an id.</summary>
    public static Listed? Of(Lookup lookup, JsonElement item, DateTimeOffset at)
    {
        if (item.ValueKind != JsonValueKind.Object || Text(item, "id") is not { Length: > 0 } id) return null;
        var names = new string[lookup.By.Count];
        for (var index = 0; index < names.Length; index++) names[index] = Text(item, lookup.By[index]);
        var parent = lookup.Within is { } within ? Text(item, within) : "";
        return new Listed(id, names, parent.Length > 0 ? parent : null, lookup.Archived is { } archived && Macro.TryScalar(Find(item, archived.Path), out var state) && state == archived.Is, RawJson.Of(item), at);
    }

    /// <summary>The time zone in the settings of a user. Null if the user has none, or if this system does not know its name.</summary>
    public TimeZoneInfo? Zone => field ??= ReadZone();

    private static readonly AttributePath ZonePath = new("settings.timeZone");

    /// <summary>Returns the kind of values that the object accepts.</summary>
    public ItemKind KindOf(ItemValueRule rule)
    {
        using var json = JsonDocument.Parse(Json.Utf8);
        var choices = json.RootElement.TryGetProperty(rule.Choices, out var listed) && listed.ValueKind == JsonValueKind.Array ? listed.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.String).Select(static one => one.GetString()!) : [];
        return new ItemKind(Text(json.RootElement, rule.Type), [.. choices]);
    }

    private static JsonElement Find(JsonElement item, AttributePath path) => path.TryFind(item, out var value) ? value : default;

    private TimeZoneInfo? ReadZone()
    {
        using var user = JsonDocument.Parse(Json.Utf8);
        return ZonePath.TryFind(user.RootElement, out var zone) && zone.ValueKind == JsonValueKind.String && TimeZoneInfo.TryFindSystemTimeZoneById(zone.GetString()!, out var known) ? known : null;
    }

    private static string Text(JsonElement item, string member) => item.TryGetProperty(member, out var value) && Macro.TryScalar(value, out var text) ? text : "";
}
