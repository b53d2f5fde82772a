using System.Text.Json;
using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Api;

/// <summary>JSON of the HTTP API.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DestinationView))]
[JsonSerializable(typeof(DestinationStatus))]
[JsonSerializable(typeof(IReadOnlyList<DestinationView>))]
[JsonSerializable(typeof(IReadOnlyList<QuarantineEntry>))]
[JsonSerializable(typeof(QuarantineSelection))]
[JsonSerializable(typeof(QuarantineChange))]
[JsonSerializable(typeof(NewDestination))]
[JsonSerializable(typeof(IReadOnlyList<TemplateView>))]
[JsonSerializable(typeof(IReadOnlyList<CredentialView>))]
[JsonSerializable(typeof(CredentialConfig))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(SummaryView))]
[JsonSerializable(typeof(PreviewInput))]
[JsonSerializable(typeof(PreviewView))]
[JsonSerializable(typeof(MappingInput))]
[JsonSerializable(typeof(MappingView))]
[JsonSerializable(typeof(TestInput))]
[JsonSerializable(typeof(TestView))]
[JsonSerializable(typeof(ConnectionCheck))]
[JsonSerializable(typeof(AcceptedRecords))]
[JsonSerializable(typeof(RunEnd))]
[JsonSerializable(typeof(LinksView))]
[JsonSerializable(typeof(PlanView))]
[JsonSerializable(typeof(IReadOnlyList<RunView>))]
[JsonSerializable(typeof(AppStatus))]
[JsonSerializable(typeof(ProblemDetailsView))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    public static readonly ApiJson Web = new(JsonText.Options());
}
