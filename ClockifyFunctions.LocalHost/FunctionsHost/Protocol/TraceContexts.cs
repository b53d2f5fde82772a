using System.Diagnostics;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

/// <summary>W3C trace contexts of invocations. The worker's own span becomes a child of this span.</summary>
internal static class TraceContexts
{
    public static RpcTraceContext New() => Format(ActivityTraceId.CreateRandom(), ActivityTraceFlags.Recorded);

    /// <summary>Creates a new span in the trace of a message or request, or in a new trace if there is none.</summary>
    public static RpcTraceContext ChildOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, out var parent) ? Format(parent.TraceId, parent.TraceFlags) : New();

    private static RpcTraceContext Format(ActivityTraceId trace, ActivityTraceFlags flags) =>
        new() { TraceParent = $"00-{trace}-{ActivitySpanId.CreateRandom()}-{(byte)flags:x2}" };
}
