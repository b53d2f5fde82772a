using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Destinations;

/// <summary>The batching rules of a config: several records in one request.</summary>
public sealed record BatchingConfig
{
    [Description("Most records in one request. Default 100, range 1 to 10000.")]
    public int? Size { get; init; }

    [Description("Most bytes of one request body; a record that alone is larger is sent alone. Default 1048576, range 1000 to 10485760.")]
    public int? MaxBytes { get; init; }

    [Description("How many seconds a batch that is not full waits for more records, counted from when its oldest one was queued. Default 0: it does not wait. Range 0 to 3600.")]
    public int? MaxAgeSeconds { get; init; }

    [Description("Shape of the body. Default {\"kind\": \"array\"}.")]
    public GroupingConfig? Grouping { get; init; }

    /// <summary>Unknown members; see <see cref="DestinationConfig.Unknown"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>The body of a batch in a config.</summary>
public sealed record GroupingConfig
{
    [Description("array: [r1, r2]; property: {\"items\": [r1, r2]} under the name 'property'; attribute: records with an equal value of 'attribute' go together.")]
    public string? Kind { get; init; }

    [Description("Name of the list's property. Default for kind attribute: none, a plain array.")]
    public string? Property { get; init; }

    [Description("Constant attributes added to each record.")]
    public IReadOnlyDictionary<string, JsonElement>? Constants { get; init; }

    [Description("Attribute path whose value separates the batches.")]
    public string? Attribute { get; init; }

    /// <summary>Unknown members; see <see cref="DestinationConfig.Unknown"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; set; }
}
