using System.Diagnostics;
using System.Globalization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Telemetry;

/// <summary>
/// The spans, named and described by OpenTelemetry's conventions for messaging and HTTP clients. A record's call and its response event
/// belong to the trace its message came with, hours later perhaps. Taking in and sending a batch link to its records; a drain stands alone.
/// </summary>
internal static class Spans
{
    private const int MostLinks = 128;

    /// <summary>Whether anybody listens; else there is nothing to prepare.</summary>
    public static bool AreWatched => Instruments.Activities.HasListeners();

    /// <summary>A batch of messages is being taken in.</summary>
    /// <param name="messages">The trace context of each message; null where it has none.</param>
    public static Activity? Process(string queue, IReadOnlyCollection<TraceContext?> messages)
    {
        if (!AreWatched) return null;
        var span = Instruments.Activities.StartActivity($"process {queue}", ActivityKind.Consumer, default(ActivityContext), links: LinksTo(messages));
        return span?.SetTag("messaging.system", "servicebus").SetTag("messaging.operation.type", "process").SetTag("messaging.operation.name", "process")
            .SetTag("messaging.destination.name", queue).SetTag("messaging.batch.message_count", messages.Count);
    }

    /// <summary>A gate has been entered, and backlogs are drained.</summary>
    public static Activity? Drain(Credential credential) => Instruments.Activities.StartActivity($"drain {credential.Name}")?.SetTag(Instruments.Credential, credential.Name);

    /// <summary>One call of the API. Without the headers, one of which is the key, and without the query.</summary>
    /// <param name="records">Those it is for.</param>
    /// <param name="resend">How many times it was sent before.</param>
    public static Activity? Call(Destination destination, RenderedRequest request, IReadOnlyList<TraceContext?> records, int resend)
    {
        if (!AreWatched) return null;
        Activity.Current = null; // Not part of the drain's trace, if of none.
        var parent = records is [{ } only] ? only.ToActivityContext() : default;
        var span = Instruments.Activities.StartActivity(request.Method.Method, ActivityKind.Client, parent, links: records.Count > 1 ? LinksTo(records) : null);
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

    /// <summary>A message goes to a queue.</summary>
    public static Activity? Send(string queue, TraceContext? record)
    {
        if (!AreWatched) return null;
        Activity.Current = null;
        return Instruments.Activities.StartActivity($"send {queue}", ActivityKind.Producer, record?.ToActivityContext() ?? default)?
            .SetTag("messaging.system", "servicebus").SetTag("messaging.operation.type", "send").SetTag("messaging.operation.name", "send").SetTag("messaging.destination.name", queue);
    }

    /// <summary>The conventions' <c>error.type</c>: the status, or why there is none; null for a success.</summary>
    public static string? ErrorTypeOf(CallResult result) => result switch
    {
        { Status: 0, LeftThisMachine: true } => "no_answer",
        { Status: 0 } => "not_connected",
        { Status: >= 400 and var status } => status.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static IEnumerable<ActivityLink> LinksTo(IEnumerable<TraceContext?> contexts) => contexts.OfType<TraceContext>().Distinct().Take(MostLinks).Select(context => new ActivityLink(context.ToActivityContext()));
}
