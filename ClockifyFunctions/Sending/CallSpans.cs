using System.Diagnostics;
using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Sending;

/// <summary>The spans of calls, by OpenTelemetry's conventions for HTTP clients. A call belongs to the trace that its record's message came with.</summary>
internal static class CallSpans
{
    /// <summary>One call of the API. Without the headers, one of which is the key, and without the query.</summary>
    /// <param name="records">Those it is for.</param>
    /// <param name="resend">How many times it was sent before.</param>
    public static Activity? Begin(Destination destination, RenderedRequest request, IReadOnlyList<TraceContext?> records, int resend)
    {
        if (!Spans.AreWatched) return null;
        Activity.Current = null; // Not part of the drain's trace, if of none.
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

    /// <summary>The conventions' <c>error.type</c>: the status, or why there is none; null for a success.</summary>
    public static string? ErrorTypeOf(CallResult result) => result switch
    {
        { Status: 0, LeftThisMachine: true } => "no_answer",
        { Status: 0 } => "not_connected",
        { Status: >= 400 and var status } => status.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
