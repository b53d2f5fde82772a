using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Destinations;

/// <summary>JSON of stored destinations and their configs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredDestination))]
[JsonSerializable(typeof(ReferenceConfig))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class DestinationJson : JsonSerializerContext
{
    public static readonly DestinationJson Web = new(JsonText.Options());
}
