using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Writes XML. A record becomes the element <c>record</c>, a member an element with its name, a list one element per item, and null an empty
/// element. A name that is invalid in XML becomes <c>field</c> with the attribute <c>name</c>.
/// </summary>
internal static class XmlFormat
{
    public static byte[] Write(ReadOnlyMemory<byte> payload, ICollection<Problem> refusals)
    {
        using var json = JsonDocument.Parse(payload);
        var xml = new StringBuilder();
        WriteElement(xml, "record", json.RootElement);
        if (xml.Length > Template.MostBytes) refusals.Add(Template.TooLarge);
        return Encoding.UTF8.GetBytes(xml.ToString());
    }

    private static void WriteElement(StringBuilder xml, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0)
        {
            foreach (var item in value.EnumerateArray())
            {
                // A nested list gets its own element. Otherwise its items would mix with the items of the outer list.
                if (item.ValueKind == JsonValueKind.Array) WriteElement(xml, name, "item", item);
                else WriteElement(xml, name, item);
            }
        }
        else
        {
            WriteElement(xml, name, null, value);
        }
    }

    private static void WriteElement(StringBuilder xml, string name, string? inner, JsonElement value)
    {
        // The XML repeats the name for each item of a list, so it can be much larger than the record.
        if (xml.Length > Template.MostBytes) return;
        var element = IsName(name) ? name : "field";
        xml.Append('<').Append(element);
        if (element != name) xml.Append(" name=\"").Append(TextEscapes.Xml(name)).Append('"');
        xml.Append('>');
        if (inner is not null) WriteElement(xml, inner, value);
        else if (value.ValueKind == JsonValueKind.Object) foreach (var member in value.EnumerateObject()) WriteElement(xml, member.Name, member.Value);
        else if (Macro.TryScalar(value, out var text)) xml.Append(TextEscapes.Xml(text));
        xml.Append("</").Append(element).Append('>');
    }

    private static bool IsName(string name) =>
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.')
        && !name.StartsWith("xml", StringComparison.OrdinalIgnoreCase);
}
