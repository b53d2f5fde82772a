namespace ClockifyFunctions.Destinations;

/// <summary>The part of a call that contains the id of an object.</summary>
internal enum SlotPlace
{
    /// <summary>A placeholder of the path, or a query parameter.</summary>
    Input,

    /// <summary>A field of the body, which may be inside an object.</summary>
    Body,

    /// <summary>A list in the body whose items contain an id and a value, such as custom fields.</summary>
    Items,
}

/// <summary>A part of a call that requires the id of an object. A record can give the name of the object instead.</summary>
/// <param name="Name">The name of the slot in configs.</param>
/// <param name="Lookup">The lookup that lists the objects.</param>
/// <param name="Field">The name of the input, or the dotted path of the field.</param>
internal sealed record ReferenceSlot(string Name, Lookup Lookup, string Field, SlotPlace Place)
{
    /// <summary>The member of an item that contains its value.</summary>
    public const string ItemValue = "value";

    /// <summary>Whether the slot accepts a list of ids.</summary>
    public bool Many { get; init; }

    /// <summary>The member of an item that contains the id, for <see cref="SlotPlace.Items"/>.</summary>
    public string ItemId { get; init; } = "";

    public static IReadOnlyList<ReferenceSlot> Of(EndpointTemplate endpoint)
    {
        var slots = new List<ReferenceSlot>();
        foreach (var input in endpoint.Inputs.Skip(1)) Add(input, input.Name, SlotPlace.Input);
        if (endpoint.Id is { } id) Add(id, id.Name, SlotPlace.Input);
        AddFields(endpoint.Fields, "");
        return slots;

        void Add(TemplateField field, string path, SlotPlace place)
        {
            if (field.RefersTo is not { } name || EndpointCatalog.Lookups.GetValueOrDefault(name) is not { } lookup) return;
            var many = field.Type == FieldType.Ids;
            if ((field.Says ?? (many ? lookup.SaysMany : lookup.Says)) is { } says) slots.Add(new ReferenceSlot(says, lookup, path, place) { Many = many });
        }

        void AddFields(IReadOnlyList<TemplateField> fields, string prefix)
        {
            foreach (var field in fields)
            {
                if (field.Type is FieldType.Id or FieldType.Ids) Add(field, prefix + field.Name, SlotPlace.Body);
                else if (field.Type == FieldType.Object) AddFields(field.Fields, $"{prefix}{field.Name}.");
                else if (field.Type == FieldType.Objects && prefix.Length == 0) AddItems(field);
            }
        }

        void AddItems(TemplateField list)
        {
            if (list.Fields.All(member => member.Name != ItemValue)) return;
            if (list.Fields.FirstOrDefault(member => member.RefersTo is not null) is { } id && EndpointCatalog.Lookups.GetValueOrDefault(id.RefersTo!) is { SaysMany: { } says } lookup)
                slots.Add(new ReferenceSlot(says, lookup, list.Name, SlotPlace.Items) { ItemId = id.Name });
        }
    }
}
