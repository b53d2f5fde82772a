using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>
/// Names an attribute of a record: <c>client.address.city</c>, list items by number. A top-level attribute whose own name is
/// the whole text wins, so names with dots can be reached.
/// </summary>
internal sealed record AttributePath(string Text)
{
    /// <summary>Characters of a path.</summary>
    public const int MostCharacters = 1000;

    /// <summary>A dot may end it, as in the column heading "Nr.".</summary>
    public static bool IsValid(string text) => text.Length is > 0 and <= MostCharacters && !text.StartsWith('.') && !text.Contains("..", StringComparison.Ordinal);

    private readonly string[] _names = Text.Split('.');

    /// <summary>Whether it names an item of a list by its number.</summary>
    public bool HasNumber => _names.Skip(1).Any(name => name.Length > 0 && name.All(char.IsAsciiDigit));

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
