using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Backlog;

/// <summary>JSON of backlog records.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BacklogRecord))]
[JsonSerializable(typeof(PostponedCopy))]
[JsonSerializable(typeof(RawJson))]
internal sealed partial class BacklogJson : JsonSerializerContext
{
    public static readonly BacklogJson Web = new(JsonText.Options());
}
