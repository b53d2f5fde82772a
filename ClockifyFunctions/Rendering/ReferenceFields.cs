using System.Text.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Values;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Writes the ids that references resolved to into the fields of the payload.</summary>
internal static class ReferenceFields
{
    /// <param name="errors">Receives problems of values that an item does not accept. These values are written unchanged.</param>
    public static void Write(Utf8JsonWriter writer, Destination destination, in RenderContext context, ICollection<Problem> errors)
    {
        for (var index = 0; index < destination.References.Count; index++)
        {
            var reference = destination.References[index];
            if (reference.Slot is not { Place: not SlotPlace.Input } slot) continue;
            if (slot.Place == SlotPlace.Items || slot.Field.Contains('.', StringComparison.Ordinal)) WriteShared(writer, destination, index, context, errors);
            else if (context.Resolved.Ids.TryGetValue(reference.Name, out var ids)) WriteIds(writer, slot, ids);
        }
    }

    private static void WriteIds(Utf8JsonWriter writer, ReferenceSlot slot, IReadOnlyList<string> ids)
    {
        writer.WritePropertyName(slot.Field);
        if (!slot.Many)
        {
            writer.WriteStringValue(ids[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var id in ids) writer.WriteStringValue(id);
        writer.WriteEndArray();
    }

    /// <summary>Writes a field that the record can contain and that several references can fill. The first of these references writes the whole field.</summary>
    private static void WriteShared(Utf8JsonWriter writer, Destination destination, int first, in RenderContext context, ICollection<Problem> errors)
    {
        var name = TopOf(destination.References[first].Slot!);
        var all = destination.References.Where(reference => reference.Slot is { Place: not SlotPlace.Input } slot && TopOf(slot) == name).ToArray();
        if (all[0] != destination.References[first]) return;
        var value = context.Record.TryGetProperty(name, out var own) && own.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? JsonNode.Parse(RawJson.Of(own).Utf8.Span) : null;
        foreach (var reference in all)
        {
            if (!context.Resolved.Ids.TryGetValue(reference.Name, out var ids)) continue;
            if (reference.Slot!.Place == SlotPlace.Items) AddItem(value ??= new JsonArray(), destination, reference, ids[0], context, errors);
            else Set(value ??= new JsonObject(), reference.Slot, ids);
        }

        if (value is null) return;
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }

    private static string TopOf(ReferenceSlot slot) => slot.Field.Split('.')[0];

    private static void AddItem(JsonNode list, Destination destination, Reference reference, string id, in RenderContext context, ICollection<Problem> errors)
    {
        if (list is not JsonArray items || !reference.From.TryFind(context.Record, out var value)) return;
        if (destination.Converts && context.Resolved.Items.TryGetValue(reference.Name, out var kind) && reference.Lookup.ItemValues!.Types.TryGetValue(kind.Type, out var type))
        {
            var field = new TemplateField(reference.Name, type, "") { Values = kind.Choices };
            var converted = ValueConversion.Convert(value, field, new ValueOptions(Split: reference.Split), context);
            if (converted.Json is { } json) value = JsonElement.Parse(json);
            if ((converted.Problem ?? FieldFault.Of(field, value)) is { } problem) errors.Add(new Problem(reference.From.JsonPath, problem));
        }

        items.Add(new JsonObject { [reference.Slot!.ItemId] = id, [ReferenceSlot.ItemValue] = JsonNode.Parse(RawJson.Of(value).Utf8.Span) });
    }

    private static void Set(JsonNode top, ReferenceSlot slot, IReadOnlyList<string> ids)
    {
        var path = slot.Field.Split('.');
        var at = top as JsonObject;
        for (var step = 1; at is not null && step < path.Length - 1; step++) at = (at[path[step]] ??= new JsonObject()) as JsonObject;
        if (at is not null) at[path[^1]] = slot.Many ? new JsonArray([.. ids.Select(id => (JsonNode)id)]) : ids[0];
    }
}
