namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>A fault of one request. Any fault can be combined with a delay: <c>Fault.DropAfterApplying with { Delay = … }</c>.</summary>
internal sealed record Fault(FaultKind Kind, int Status = 0)
{
    public static Fault None { get; } = new(FaultKind.None);

    public static Fault TooManyRequests { get; } = Answer(429);

    public static Fault DropBeforeApplying { get; } = new(FaultKind.DropBeforeApplying);

    public static Fault DropAfterApplying { get; } = new(FaultKind.DropAfterApplying);

    /// <summary>The delay before the request is applied. It continues if the client disconnects, as on a real server.</summary>
    public TimeSpan Delay { get; init; }

    public static Fault Answer(int status) => new(FaultKind.AnswerBeforeApplying, status);

    public static Fault ApplyThenAnswer(int status) => new(FaultKind.AnswerAfterApplying, status);

    public static Fault DropThenApply(TimeSpan delay) => new(FaultKind.DropThenApply) { Delay = delay };

    public static Fault Late(TimeSpan delay) => new(FaultKind.None) { Delay = delay };
}
