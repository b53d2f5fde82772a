using System.Text;
using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>A body field that an endpoint takes.</summary>
/// <param name="Description">For the person who fills it in: form, schema and documentation show it.</param>
internal sealed record TemplateField(string Name, FieldType Type, string Description)
{
    internal byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    /// <summary>Clockify refuses a record without it.</summary>
    public bool Required { get; set; }

    /// <summary>Characters of a text; items of a list. Default: no limit.</summary>
    public int MaxLength { get; set; } = int.MaxValue;

    /// <summary>Characters of a text; items of a list. Default 0.</summary>
    public int MinLength { get; set; }

    /// <summary>Of a number. Default: no limit.</summary>
    public decimal? Minimum { get; set; }

    /// <inheritdoc cref="Minimum"/>
    public decimal? Maximum { get; set; }

    /// <summary>Of an amount of money. Null: the field is none.</summary>
    public MoneyUnit? Unit { get; set; }

    /// <summary>What Clockify assumes when the field is left out; null if that is nothing simple.</summary>
    public JsonElement? Default { get; set; }

    /// <summary>All values of a <see cref="FieldType.Choice"/>, or of each item of <see cref="FieldType.Choices"/>.</summary>
    public IReadOnlyList<string> Values { get; set; } = [];

    /// <summary>Characters that Clockify refuses anywhere in the text.</summary>
    public string Forbidden { get; set; } = "";

    /// <summary>Name of the lookup that lists what an id names.</summary>
    public string? RefersTo { get; set; }

    /// <summary>Left out, the field lists these words for the fields that the record carries.</summary>
    public IReadOnlyDictionary<string, string> Lists { get; set; } = new Dictionary<string, string>();

    /// <summary>Members of an object, or of each object in a list. Empty: not known.</summary>
    public IReadOnlyList<TemplateField> Fields { get; set; } = [];
}

internal enum MoneyUnit
{
    /// <summary>5000 is 50.00.</summary>
    Minor,

    /// <summary>50.00 is 50.00.</summary>
    Major,

    /// <summary>500000 is 50.00.</summary>
    HundredthOfMinor,
}

/// <summary>A field that Clockify takes without error and throws away.</summary>
/// <param name="Remedy">What to do instead.</param>
internal sealed record LostField(string Name, string Remedy)
{
    internal byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);
}
