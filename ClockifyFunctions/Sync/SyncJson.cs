using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Sync;

/// <summary>JSON of links and runs.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LinkLine))]
[JsonSerializable(typeof(RunLine))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(VanishedKey))]
internal sealed partial class SyncJson : JsonSerializerContext
{
    public static readonly SyncJson Web = new(JsonText.Options());
}
