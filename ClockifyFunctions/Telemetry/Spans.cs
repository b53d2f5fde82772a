using System.Diagnostics;
using ClockifyFunctions.Configuration;

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

    /// <summary>A message goes to a queue.</summary>
    public static Activity? Send(string queue, TraceContext? record)
    {
        if (!AreWatched) return null;
        Activity.Current = null;
        return Instruments.Activities.StartActivity($"send {queue}", ActivityKind.Producer, record?.ToActivityContext() ?? default)?
            .SetTag("messaging.system", "servicebus").SetTag("messaging.operation.type", "send").SetTag("messaging.operation.name", "send").SetTag("messaging.destination.name", queue);
    }

    public static IEnumerable<ActivityLink> LinksTo(IEnumerable<TraceContext?> contexts) => contexts.OfType<TraceContext>().Distinct().Take(MostLinks).Select(context => new ActivityLink(context.ToActivityContext()));
}
