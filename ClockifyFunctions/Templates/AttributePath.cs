using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Templates;

/// <summary>
/// The path of an attribute of a record, such as <c>client.address.city</c>. An item of a list is named by its index. A top-level attribute
/// whose name equals the whole text has priority, so names that contain dots can be used.
/// </summary>
internal sealed record AttributePath(string Text)
{
    /// <summary>Maximum number of characters of a path.</summary>
    public const int MostCharacters = 1000;

    /// <summary>Returns whether the text is a valid path. A path can end with a dot, as in the column heading "Nr.".</summary>
    public static bool IsValid(string text) => text.Length is > 0 and <= MostCharacters && !text.StartsWith('.') && !text.Contains("..", StringComparison.Ordinal);

    private readonly string[] _names = Text.Split('.');

    /// <summary>Whether the path contains the index of a list item.</summary>
    public bool HasNumber => _names.Skip(1).Any(name => name.Length > 0 && name.All(char.IsAsciiDigit));

    /// <summary>The JSON path of the attribute, for problems.</summary>
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
