using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>Reads the names that a record contains for a reference.</summary>
internal static class NamesInRecord
{
    /// <summary>
    /// Returns no names if the attribute is missing or empty. Returns null if the attribute cannot contain names; <paramref name="wrong"/> then
    /// contains the reason.
    /// </summary>
    public static IReadOnlyList<string>? Of(Reference reference, JsonElement record, out string wrong)
    {
        wrong = "";
        if (!reference.From.TryFind(record, out var value) || value.ValueKind == JsonValueKind.Null) return [];
        // For an item of a list, the attribute contains its value. An item without a value is not sent.
        if (reference.Constant is { } constant) return value.ValueKind == JsonValueKind.String && value.ValueEquals("") ? [] : [constant];
        if (reference.Slot is { Many: true } && value.ValueKind == JsonValueKind.Array)
        {
            var names = new List<string>();
            foreach (var item in value.EnumerateArray())
            {
                if (!Macro.TryScalar(item, out var name))
                {
                    wrong = $"'{reference.From.Text}' holds {Kinds.Name(item.ValueKind)} where a name belongs; send a list of texts.";
                    return null;
                }

                if (!string.IsNullOrWhiteSpace(name)) names.Add(name);
            }

            return names;
        }

        if (!Macro.TryScalar(value, out var text))
        {
            wrong = $"'{reference.From.Text}' is {Kinds.Name(value.ValueKind)}; {(reference.Slot is { Many: true } ? "send text, or a list of texts." : "send text.")}";
            return null;
        }

        if (string.IsNullOrWhiteSpace(text)) return [];
        return reference.Split is { } split ? [.. text.Split(split, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)] : [text];
    }
}
