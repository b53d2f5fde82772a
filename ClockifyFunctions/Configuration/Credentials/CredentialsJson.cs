using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Configuration.Credentials;

/// <summary>JSON of stored credentials.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CredentialConfig))]
[JsonSerializable(typeof(Dictionary<string, CredentialConfig>))]
internal sealed partial class CredentialsJson : JsonSerializerContext
{
    public static readonly CredentialsJson Web = new(JsonText.Options());
}
