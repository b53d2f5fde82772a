using System.Text.Json.Serialization;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Responses;

/// <summary>A CloudEvents 1.0 event with the request that was sent for a record and the response of the API.</summary>
/// <param name="Id">Equal for repeats of the event, so receivers can deduplicate by it.</param>
/// <param name="Source"><c>/destinations/{id}</c>.</param>
/// <param name="Type"><c>clockify.call.delivered</c>, <c>clockify.call.rejected</c>, <c>clockify.call.failed</c> or <c>clockify.call.unknown</c>.</param>
/// <param name="Subject">The record's id.</param>
internal sealed record ResponseEvent(string Id, string Source, string Type, string Subject, DateTimeOffset Time, ResponseEvent.Call Data)
{
    /// <summary>Maximum characters of a body in an event. Two bodies with escapes fit into the 256 KB of a standard message.</summary>
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

    /// <param name="Outcome"><c>delivered</c>, <c>rejected</c>, <c>failed</c>, or <c>unknown</c> (the call may have taken effect).</param>
    /// <param name="Attempts">Number of tries of the record: the failed tries of all processes, and the try that decided. Answers 429 are not counted.</param>
    /// <param name="Verified">Whether the outcome was verified by reading: the response to a create was lost and <paramref name="Response"/> is the object that was found, or the object to delete no longer exists.</param>
    /// <param name="Warnings">Members that Clockify may have dropped, and other warnings of the rendering; null if there are none.</param>
    internal sealed record Call(
        string Destination, string RecordId, string? MessageId, string Outcome, int Attempts, bool Verified,
        RequestPart Request, ResponsePart Response, IReadOnlyList<Problem>? Warnings = null)
    {
        /// <summary>For destinations that link records to objects: <c>created</c>, <c>updated</c>, <c>adopted</c>, <c>restored</c>, <c>archived</c>, <c>deleted</c> or <c>unchanged</c>.</summary>
        public string? Change { get; init; }

        /// <summary>The record's external key.</summary>
        public string? Key { get; init; }

        /// <summary>The Clockify id of the key's object.</summary>
        public string? ObjectId { get; init; }

        /// <summary>For each reference whose name differs from the name in Clockify in letter case or spaces: the object that the app used. Omitted if there is none.</summary>
        public IReadOnlyDictionary<string, Name>? Resolved { get; init; }
    }

    /// <param name="Said">The name in the record.</param>
    /// <param name="Is">The name in Clockify.</param>
    internal sealed record Name(string Said, string Is, string Id);

    /// <param name="Body">The body that was sent, truncated at <see cref="MaxBody"/>.</param>
    /// <param name="Truncated">True if the body was truncated; otherwise omitted.</param>
    internal sealed record RequestPart(string Method, string Url, Utf8Text Body, bool? Truncated = null);

    /// <param name="Status">0 if no response was received.</param>
    /// <param name="Body">The body that was received, truncated at <see cref="MaxBody"/>.</param>
    /// <param name="Truncated">True if the body was truncated; otherwise omitted.</param>
    internal sealed record ResponsePart(int Status, string? ContentType, Utf8Text Body, string? Error, double DurationMs, bool? Truncated = null);
}
