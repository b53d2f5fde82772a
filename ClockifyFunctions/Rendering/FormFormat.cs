using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Writes <c>application/x-www-form-urlencoded</c>. A list of scalars repeats its name, and null becomes an empty
/// value. A record with an object is refused, because a form cannot contain objects.
/// </summary>
internal static class FormFormat
{
    public static byte[] Write(ReadOnlyMemory<byte> payload, ICollection<Problem> refusals)
    {
        using var json = JsonDocument.Parse(payload);
        var form = new StringBuilder();
        foreach (var member in json.RootElement.EnumerateObject())
        {
            var name = member.Name; // Decoded at each use.
            if (member.Value.ValueKind == JsonValueKind.Array) foreach (var item in member.Value.EnumerateArray()) Add(form, name, item, refusals);
            else Add(form, name, member.Value, refusals);
        }

        if (form.Length > Template.MostBytes) refusals.Add(Template.TooLarge);
        return Encoding.UTF8.GetBytes(form.ToString());
    }

    private static void Add(StringBuilder form, string name, JsonElement value, ICollection<Problem> refusals)
    {
        // The form repeats the name for each item of a list, so it can be much larger than the record.
        if (form.Length > Template.MostBytes) return;
        if (!Macro.TryScalar(value, out var text) && value.ValueKind != JsonValueKind.Null)
            refusals.Add(new Problem($"$.{name}", $"is {Kinds.Name(value.ValueKind)}, which a form cannot hold; exclude it, or use contentType json."));
        if (form.Length > 0) form.Append('&');
        form.Append(TextEscapes.Form(name)).Append('=').Append(TextEscapes.Form(text));
    }
}
