using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Names an attribute of a record: <c>client.address.city</c>, list items by number. A top-level attribute whose own name is
/// the whole text wins, so names with dots can be reached.
/// </summary>
internal sealed record AttributePath(string Text)
{
    private readonly string[] _names = Text.Split('.');

    /// <summary>The top-level attribute the path begins with.</summary>
    public string First => _names[0];

    public bool IsTopLevel => _names.Length == 1;

    public IReadOnlyList<string> Names => _names;

    public static bool IsValid(string text) => text.Length > 0 && !text.StartsWith('.') && !text.EndsWith('.') && !text.Contains("..", StringComparison.Ordinal);

    /// <summary>Where the attribute would be in a problem report.</summary>
    public string JsonPath => $"$.{Text}";

    public bool TryFind(JsonElement record, out JsonElement value)
    {
        value = record;
        if (record.ValueKind == JsonValueKind.Object && record.TryGetProperty(Text, out value)) return true;
        value = record;
        foreach (var name in _names)
        {
            if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member)) value = member;
            else if (value.ValueKind == JsonValueKind.Array && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < value.GetArrayLength()) value = value[index];
            else return false;
        }

        return true;
    }
}
