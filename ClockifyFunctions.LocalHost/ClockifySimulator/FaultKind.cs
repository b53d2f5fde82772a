namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal enum FaultKind
{
    /// <summary>Handled as usual; the fault may still carry a delay.</summary>
    None,
    AnswerBeforeApplying,
    AnswerAfterApplying,
    DropBeforeApplying,
    DropAfterApplying,

    /// <summary>The connection is gone at once; the fault's delay later the request still takes effect.</summary>
    DropThenApply,
}
