using System.Text.Json.Serialization;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Responses;

/// <summary>A CloudEvents 1.0 event: what was sent for a record and what the API answered.</summary>
/// <param name="Id">Stable across repeats of the event: deduplicate on it.</param>
/// <param name="Source"><c>/destinations/{id}</c>.</param>
/// <param name="Type"><c>clockify.call.delivered</c>, <c>clockify.call.rejected</c>, <c>clockify.call.failed</c> or <c>clockify.call.unknown</c>.</param>
/// <param name="Subject">The record's id.</param>
internal sealed record ResponseEvent(string Id, string Source, string Type, string Subject, DateTimeOffset Time, ResponseEvent.Call Data)
{
    /// <summary>Characters of a body that an event carries: two of them stay below a standard message's 256 KB, whatever the escapes.</summary>
    public const int MaxBody = 16 * 1024;

    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>The CloudEvents extension for distributed tracing.</summary>
    [JsonPropertyName(TraceContext.ParentName)]
    public string? TraceParent { get; init; }

    /// <inheritdoc cref="TraceParent"/>
    [JsonPropertyName(TraceContext.StateName)]
    public string? TraceState { get; init; }

    /// <param name="Outcome"><c>delivered</c>, <c>rejected</c>, <c>failed</c>, or <c>unknown</c>: it may have arrived.</param>
    /// <param name="Attempts">Calls made for the record by this process, those answered with 429 left out.</param>
    /// <param name="Verified">Known by reading: the answer to a create was lost and <paramref name="Response"/> is the object found, or what was to be deleted is gone.</param>
    /// <param name="Warnings">What Clockify may have dropped of the record; left out where there is nothing.</param>
    internal sealed record Call(
        string Destination, string RecordId, string? MessageId, string Outcome, int Attempts, bool Verified,
        RequestPart Request, ResponsePart Response, IReadOnlyList<Problem>? Warnings = null)
    {
        /// <summary>Names in the record that are written otherwise in Clockify, in letter case or spaces: what was taken for each reference. Else left out.</summary>
        public IReadOnlyDictionary<string, Name>? Resolved { get; init; }
    }

    /// <param name="Said">As the record has it.</param>
    /// <param name="Is">As Clockify has it.</param>
    internal sealed record Name(string Said, string Is, string Id);

    /// <param name="Body">As sent, cut at <see cref="MaxBody"/>.</param>
    /// <param name="Truncated">True where the body was cut; else left out.</param>
    internal sealed record RequestPart(string Method, string Url, Utf8Text Body, bool? Truncated = null);

    /// <param name="Status">0 when no answer came.</param>
    /// <param name="Body">As received, cut at <see cref="MaxBody"/>.</param>
    /// <param name="Truncated">True where the body was cut; else left out.</param>
    internal sealed record ResponsePart(int Status, string? ContentType, Utf8Text Body, string? Error, double DurationMs, bool? Truncated = null);
}
