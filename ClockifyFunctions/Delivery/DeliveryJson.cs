using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Delivery;

/// <summary>JSON of journal lines.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class DeliveryJson : JsonSerializerContext
{
    public static readonly DeliveryJson Web = new(new JsonSerializerOptions(JsonText.Options()) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault });
}
