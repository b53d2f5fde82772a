using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Functions.Api;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Hosting;

/// <summary>Source-generated JSON for everything the app reads or writes.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredDestination))]
[JsonSerializable(typeof(BacklogRecord))]
[JsonSerializable(typeof(RawJson))]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(QuarantineEntry))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(DestinationView))]
[JsonSerializable(typeof(DestinationStatus))]
[JsonSerializable(typeof(IReadOnlyList<DestinationView>))]
[JsonSerializable(typeof(IReadOnlyList<QuarantineEntry>))]
[JsonSerializable(typeof(QuarantineSelection))]
[JsonSerializable(typeof(QuarantineChange))]
[JsonSerializable(typeof(NewDestination))]
[JsonSerializable(typeof(IReadOnlyList<TemplateView>))]
[JsonSerializable(typeof(IReadOnlyList<CredentialView>))]
[JsonSerializable(typeof(MetricsView))]
[JsonSerializable(typeof(PreviewQuestion))]
[JsonSerializable(typeof(PreviewView))]
[JsonSerializable(typeof(TestQuestion))]
[JsonSerializable(typeof(TestView))]
[JsonSerializable(typeof(ConnectionCheck))]
[JsonSerializable(typeof(AcceptedRecords))]
[JsonSerializable(typeof(AppStatus))]
[JsonSerializable(typeof(ProblemDetailsView))]
internal sealed partial class AppJson : JsonSerializerContext
{
    /// <summary>Text stays readable: only what JSON itself requires is escaped. The output is never embedded in HTML.</summary>
    public static readonly AppJson Web = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
