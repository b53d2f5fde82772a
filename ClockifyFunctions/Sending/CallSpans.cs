using System.Diagnostics;
using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Sending;

/// <summary>Creates the spans of calls by OpenTelemetry's conventions for HTTP clients. A span belongs to the trace of the message that brought the record.</summary>
internal static class CallSpans
{
    /// <summary>Starts the span of one call. The span omits the headers, which contain the API key, and the query.</summary>
    /// <param name="records">The trace contexts of the records in the request.</param>
    /// <param name="resend">How many times the request was sent before.</param>
    public static Activity? Begin(Destination destination, RenderedRequest request, IReadOnlyList<TraceContext?> records, int resend)
    {
        if (!Spans.AreWatched) return null;
        Activity.Current = null; // Without this, a call of a batch, or of a record without a trace, would become part of the drain's trace.
        var parent = records is [{ } only] ? only.ToActivityContext() : default;
        var span = Instruments.Activities.StartActivity(request.Method.Method, ActivityKind.Client, parent, links: records.Count > 1 ? Spans.LinksTo(records) : null);
        if (resend > 0) span?.SetTag("http.request.resend_count", resend);
        return span?.SetTag("http.request.method", request.Method.Method)
            .SetTag("url.full", request.Url.GetLeftPart(UriPartial.Path) + (request.Url.Query.Length > 0 ? "?*" : ""))
            .SetTag("server.address", request.Url.Host).SetTag("server.port", request.Url.Port)
            .SetTag(Instruments.Destination, destination.Id).SetTag(Instruments.Credential, destination.Credential.Name);
    }

    public static void Answered(Activity? span, CallResult result)
    {
        if (span is null) return;
        if (result.Status > 0) span.SetTag(Instruments.StatusCode, result.Status);
        if (ErrorTypeOf(result) is { } error) span.SetTag(Instruments.ErrorType, error).SetStatus(ActivityStatusCode.Error, result.Error);
    }

    /// <summary>Returns OpenTelemetry's <c>error.type</c>: the status, or the reason why there is no status. Returns null for a success.</summary>
    public static string? ErrorTypeOf(CallResult result) => result switch
    {
        { Status: 0, LeftThisMachine: true } => "no_answer",
        { Status: 0 } => "not_connected",
        { Status: >= 400 and var status } => status.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
