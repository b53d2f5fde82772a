namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal enum FaultKind
{
    /// <summary>Handled as usual; the fault may still carry a delay.</summary>
    None,
    AnswerBeforeApplying,
    AnswerAfterApplying,
    DropBeforeApplying,
    DropAfterApplying,
}
