using System.Diagnostics;

namespace ClockifyFunctions.Telemetry;

/// <summary>The trace of a record as text, in the format of W3C Trace Context: https://www.w3.org/TR/trace-context/.</summary>
internal sealed record TraceContext(string Parent, string? State = null)
{
    /// <summary>The names in HTTP headers, CloudEvents and messages. Service Bus SDKs also write the first one as <c>Diagnostic-Id</c>.</summary>
    public const string ParentName = "traceparent", StateName = "tracestate", DiagnosticId = "Diagnostic-Id";

    private const int LongestState = 512;

    /// <summary>Returns the trace context; null if it is not valid.</summary>
    public static TraceContext? From(string? parent, string? state) =>
        ActivityContext.TryParse(parent, null, out _) ? new TraceContext(parent!, state is { Length: > 0 and <= LongestState } ? state : null) : null;

    public static TraceContext? Of(Activity? span) => span is null ? null : From(span.Id, span.TraceStateString);

    public ActivityContext ToActivityContext() => ActivityContext.TryParse(Parent, State, isRemote: true, out var context) ? context : default;

    /// <summary>Adds the trace context to the application properties of a message.</summary>
    public void AddTo(IDictionary<string, object> properties)
    {
        properties[ParentName] = Parent;
        properties[DiagnosticId] = Parent;
        if (State is not null) properties[StateName] = State;
    }
}
