namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>The app needs something that this host does not support. Carries every problem, not only the first.</summary>
internal sealed class HostRefusedException(IReadOnlyList<string> problems)
    : Exception("The local host cannot run this app:" + string.Concat(problems.Select(p => "\n- " + p)))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
