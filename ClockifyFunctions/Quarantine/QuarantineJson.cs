using System.Text.Json;
using System.Text.Json.Serialization;

using ClockifyFunctions.Configuration;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Quarantine;

/// <summary>JSON of quarantine entries.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QuarantineEntry))]
internal sealed partial class QuarantineJson : JsonSerializerContext
{
    public static readonly QuarantineJson Web = new(JsonText.Options());
}
