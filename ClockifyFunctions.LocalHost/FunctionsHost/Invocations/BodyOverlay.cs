using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>
/// What the host does with a text body that is a JSON object: its top-level properties become metadata and overwrite
/// entries of the same name. A trap for handlers, so it has to be here as well.
/// </summary>
internal static class BodyOverlay
{
    public static void Apply(List<KeyValuePair<string, string>> metadata, string body)
    {
        foreach (var (name, value) in Properties(body))
        {
            // The key's first spelling stays.
            var at = metadata.FindIndex(e => e.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (at >= 0) metadata[at] = new(metadata[at].Key, value);
            else metadata.Add(new(name, value));
        }
    }

    private static List<KeyValuePair<string, string>> Properties(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return [];
            return
            [
                .. document.RootElement.EnumerateObject()
                    .Where(p => p.Value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null)
                        && !p.Name.EndsWith("trigger", StringComparison.OrdinalIgnoreCase))
                    .Select(p => KeyValuePair.Create(p.Name, Encode(p.Value))),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static string Encode(JsonElement value) => value.ValueKind == JsonValueKind.Object
        ? JsonSerializer.Serialize(value)
        : InvocationBody.Twice(JsonWriting.Quote(NetText(value)));

    private static string NetText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => value.TryGetInt64(out var whole)
            ? whole.ToString(CultureInfo.InvariantCulture) : value.GetDouble().ToString(CultureInfo.InvariantCulture),
        _ when IsoDate(value.GetString()!) is { } date => date.ToString(CultureInfo.InvariantCulture),
        _ => value.GetString()!,
    };

    private static DateTime? IsoDate(string text) =>
        text.Length >= 19 && text[10] == 'T'
        && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var date)
            ? date : null;
}
