using System.Diagnostics;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Protocol;

/// <summary>W3C trace contexts of invocations. The worker's own span becomes a child of the span named here.</summary>
internal static class TraceContexts
{
    public static RpcTraceContext New() => Format(ActivityTraceId.CreateRandom(), ActivityTraceFlags.Recorded);

    /// <summary>A new span in the trace that a message or request belongs to; a new trace if it belongs to none.</summary>
    public static RpcTraceContext ChildOf(string? traceParent) =>
        ActivityContext.TryParse(traceParent, null, out var parent) ? Format(parent.TraceId, parent.TraceFlags) : New();

    private static RpcTraceContext Format(ActivityTraceId trace, ActivityTraceFlags flags) =>
        new() { TraceParent = $"00-{trace}-{ActivitySpanId.CreateRandom()}-{(byte)flags:x2}" };
}
