using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Destinations;

/// <summary>A reference in a config, if an attribute alone is not sufficient.</summary>
public sealed record ReferenceConfig
{
    [Description("Attribute of the record that identifies the object. Required.")]
    public string? From { get; init; }

    [Description("What the attribute holds: name (for users the e-mail address), email, key or id. 24 hexadecimal digits are always an id. Default name.")]
    public string? By { get; init; }

    [Description("By key: the destination that synchronizes the objects and knows their keys.")]
    public string? Of { get; init; }

    [Description("The reference that says the parent, for names that are unique only within it: client for a project.")]
    public string? Within { get; init; }

    [Description("What happens where no object has the name: reject, create or omit. Default reject.")]
    public string? Missing { get; init; }

    [Description("What happens where the object is archived: use, reject or restore. Default use; reject for objects that Clockify refuses then, such as tags.")]
    public string? Archived { get; init; }

    [Description("For lists: what separates several names in one text, for example \";\". Default: the text is one name.")]
    public string? Split { get; init; }

    [Description("With missing create: further fields of the new object, for example {\"isPublic\": false}.")]
    public IReadOnlyDictionary<string, JsonElement>? With { get; init; }

    /// <summary>Unknown members; see <see cref="DestinationConfig.Unknown"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
