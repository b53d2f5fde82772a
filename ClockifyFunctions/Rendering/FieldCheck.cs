using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Checks each field of a body against the catalog.</summary>
/// <param name="reported">JSON paths of values whose problems are already reported.</param>
/// <param name="timers">Whether a record may start a timer.</param>
internal sealed class FieldCheck(IReadOnlySet<string> reported, ICollection<Problem> errors, bool timers)
{
    /// <param name="need">The reason why a required field is needed, for the problem.</param>
    public void CheckMembers(IReadOnlyList<TemplateField> fields, JsonElement payload, string path, UpdateMode mode, string need)
    {
        foreach (var field in fields)
        {
            var place = $"{path}.{field.Name}";
            if (reported.Contains(place)) continue;
            if (payload.TryGetProperty(field.Name, out var value) && value.ValueKind != JsonValueKind.Null) CheckValue(field, value, place);
            // A merge copies missing fields from the existing object, but sends null if the record contains null.
            else if (mode == UpdateMode.Merge && value.ValueKind != JsonValueKind.Null) continue;
            else if (field.Required) errors.Add(new Problem(place, $"is missing; {need}."));
            else if (field.Timer && !timers) errors.Add(new Problem(place, $"is missing, and without it Clockify runs a timer; add it{OrDuration(fields, field)}, or set timers to true if a timer is meant."));
        }
    }

    private static string OrDuration(IReadOnlyList<TemplateField> fields, TemplateField missing) =>
        fields.FirstOrDefault(field => field.Adds?.Gives == missing.Name) is { } duration ? $" or {duration.Name}, or map an attribute to one of them" : ", or map an attribute to it";

    /// <summary>Checks a value and its nested values.</summary>
    private void CheckValue(TemplateField field, JsonElement value, string place)
    {
        if (PlainLook.IsRight(field, value)) return;
        if (FieldFault.Of(field, value) is { } fault)
        {
            errors.Add(new Problem(place, fault));
            return;
        }

        if (field.Type == FieldType.Object) CheckMembers(field.Fields, value, place, UpdateMode.Replace, $"{field.Name} needs it");
        else if (field.Type == FieldType.Objects)
            foreach (var (index, item) in value.EnumerateArray().Index()) CheckMembers(field.Fields, item, string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]"), UpdateMode.Replace, $"an item of {field.Name} needs it");
    }
}
