using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Delivery;

/// <summary>JSON of journal lines.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class DeliveryJson : JsonSerializerContext
{
    public static readonly DeliveryJson Web = new(JsonText.Options());
}
