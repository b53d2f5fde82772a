using System.Diagnostics;
using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Telemetry;

/// <summary>
/// Creates the spans, named by the OpenTelemetry conventions for messaging and HTTP clients. The call of a record and its response event belong to
/// the trace of its message, even hours later. The spans for ingest and for a batch link to the traces of their records; the span of a drain has no links.
/// </summary>
internal static class Spans
{
    private const int MostLinks = 128;

    /// <summary>Whether a listener exists. Without one, callers need not prepare data for spans.</summary>
    public static bool AreWatched => Instruments.Activities.HasListeners();

    /// <summary>Starts the span of the ingest of a batch of messages.</summary>
    /// <param name="messages">The trace context of each message; null if it has none.</param>
    public static Activity? Process(string queue, IReadOnlyCollection<TraceContext?> messages)
    {
        if (!AreWatched) return null;
        var span = Instruments.Activities.StartActivity($"process {queue}", ActivityKind.Consumer, default(ActivityContext), links: LinksTo(messages));
        return span?.SetTag("messaging.system", "servicebus").SetTag("messaging.operation.type", "process").SetTag("messaging.operation.name", "process")
            .SetTag("messaging.destination.name", queue).SetTag("messaging.batch.message_count", messages.Count);
    }

    /// <summary>Starts the span of a drain, which begins when the gate is acquired.</summary>
    public static Activity? Drain(Credential credential) => Instruments.Activities.StartActivity($"drain {credential.Name}")?.SetTag(Instruments.Credential, credential.Name);

    /// <summary>Starts the span of a message that is sent to a queue.</summary>
    public static Activity? Send(string queue, TraceContext? record)
    {
        if (!AreWatched) return null;
        Activity.Current = null;
        return Instruments.Activities.StartActivity($"send {queue}", ActivityKind.Producer, record?.ToActivityContext() ?? default)?
            .SetTag("messaging.system", "servicebus").SetTag("messaging.operation.type", "send").SetTag("messaging.operation.name", "send").SetTag("messaging.destination.name", queue);
    }

    public static IEnumerable<ActivityLink> LinksTo(IEnumerable<TraceContext?> contexts) => contexts.OfType<TraceContext>().Distinct().Take(MostLinks).Select(context => new ActivityLink(context.ToActivityContext()));
}
