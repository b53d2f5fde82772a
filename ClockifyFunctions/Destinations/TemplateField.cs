namespace ClockifyFunctions.Destinations;

/// <summary>A body field that an endpoint takes.</summary>
/// <param name="Description">For the person who fills it in: form, schema and documentation show it.</param>
internal sealed record TemplateField(string Name, FieldType Type, string Description)
{
    public byte[] Utf8Name { get; } = System.Text.Encoding.UTF8.GetBytes(Name);

    /// <summary>Clockify refuses a record without it.</summary>
    public bool Required { get; init; }

    /// <summary>Characters of a text; items of a list. Default: no limit.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    /// <summary>Characters of a text. Default 0.</summary>
    public int MinLength { get; init; }

    /// <summary>What Clockify assumes when the field is left out, as JSON; null if that is nothing simple.</summary>
    public string? Default { get; init; }

    /// <summary>All values of a <see cref="FieldType.Choice"/>.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Characters that Clockify refuses anywhere in the text.</summary>
    public string Forbidden { get; init; } = "";
}

/// <summary>A field that Clockify takes without error and throws away.</summary>
/// <param name="Remedy">What to do instead.</param>
internal sealed record LostField(string Name, string Remedy)
{
    public byte[] Utf8Name { get; } = System.Text.Encoding.UTF8.GetBytes(Name);
}
