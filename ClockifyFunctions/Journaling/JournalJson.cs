using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Journaling;

/// <summary>JSON of journal lines.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    public static readonly JournalJson Web = new(new JsonSerializerOptions(JsonText.Options()) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault });
}
