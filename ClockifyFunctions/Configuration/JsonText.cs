using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.Configuration;

/// <summary>Defines how the app writes JSON. Each folder has a source-generated context of its own that uses these options.</summary>
internal static class JsonText
{
    /// <summary>
    /// Escapes only the characters that JSON requires, because the output is never embedded in HTML, and leaves out null members.
    /// Creates new options for each context, because a context binds its options to itself.
    /// </summary>
    public static JsonSerializerOptions Options() => new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
