using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>Lists the targets that the columns of a file can be mapped to, for one endpoint.</summary>
internal static class MappingTargets
{
    /// <summary>Ids of targets.</summary>
    public const string Key = "key", IdFrom = "idFrom";

    private const string DatePart = ".date";

    /// <param name="hasKey">Whether records have a key. They do if the destination synchronizes.</param>
    public static IReadOnlyList<MappingTarget> Of(EndpointTemplate endpoint, bool hasKey)
    {
        // Fields come before references because their values identify them better. A German column "Tag" with dates is a day, not a tag.
        var targets = new List<MappingTarget>();
        foreach (var field in endpoint.Fields.Where(field => field.Type is not (FieldType.Object or FieldType.Objects or FieldType.File)))
        {
            // An id field has no header words: files usually contain names, and a column projectId matches the name of the field.
            targets.Add(new MappingTarget($"mapping.{field.Name}", field.Name, field.Description, field.Type is FieldType.Id or FieldType.Ids ? [] : Words(endpoint, field.Name)) { Field = field });
            if (HeaderWords.Of(field.Name + DatePart) is { Count: > 0 } words && field.Type == FieldType.DateTime)
                targets.Add(new MappingTarget($"mapping.{field.Name}{DatePart}", field.Name, $"The date of {field.Name}, where a column has the time of day alone.", words) { IsDatePart = true });
        }

        foreach (var slot in endpoint.Slots.Where(slot => slot.Place != SlotPlace.Items)) AddReference(slot.Name, slot.Lookup, slot);
        foreach (var slot in endpoint.Slots.Where(slot => slot.Place != SlotPlace.Items))
            for (var parent = slot.Lookup.Parent; parent?.Says is { } says; parent = parent.Parent)
                if (!targets.Exists(target => target.Name == says)) AddReference(says, parent, null);
        foreach (var input in endpoint.Inputs.Where(input => input.From is not null))
            targets.Add(new MappingTarget($"inputs.{input.Name}", input.From!, input.Description, []));
        if (endpoint.Id is { } id) targets.Add(new MappingTarget(IdFrom, id.From!, id.Description, hasKey ? [] : HeaderWords.Of(Key)));
        if (hasKey) targets.Add(new MappingTarget(Key, Key, "What tells one record from all others.", HeaderWords.Of(Key)));
        return targets;

        void AddReference(string name, Lookup lookup, ReferenceSlot? slot) => targets.Add(new MappingTarget($"references.{name}", name, $"{lookup.Title}, by {(lookup.By is [var by, ..] ? by : "id")}.", HeaderWords.Of(name))
        {
            Many = slot is { Many: true },
            Parent = lookup.IsListedByParent ? null : lookup.Parent?.Says,
            Fills = slot is { Place: SlotPlace.Body } ? slot.Field : null,
        });
    }

    /// <summary>Returns the header words of a field. The field <c>name</c> also gets the words of its object: in a list of projects, the column "Project" contains the name.</summary>
    private static IReadOnlyList<string> Words(EndpointTemplate endpoint, string field) =>
        field == "name" && EndpointCatalog.Lookups.GetValueOrDefault(endpoint.Object)?.Says is { } says ? [.. HeaderWords.Of(field), .. HeaderWords.Of(says)] : HeaderWords.Of(field);
}
