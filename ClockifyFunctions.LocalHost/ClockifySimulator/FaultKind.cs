namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal enum FaultKind
{
    /// <summary>The request is handled as usual, after the delay of the fault.</summary>
    None,
    AnswerBeforeApplying,
    AnswerAfterApplying,
    DropBeforeApplying,
    DropAfterApplying,

    /// <summary>The simulator closes the connection immediately and applies the request after the delay of the fault.</summary>
    DropThenApply,
}
