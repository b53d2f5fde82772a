using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Responses;

/// <summary>JSON of response events.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(UnchangedEvent))]
internal sealed partial class ResponsesJson : JsonSerializerContext
{
    public static readonly ResponsesJson Web = new(JsonText.Options());
}
