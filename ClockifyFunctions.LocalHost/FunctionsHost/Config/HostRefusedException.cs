namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>The app needs a feature that this host does not support. The message lists every problem.</summary>
internal sealed class HostRefusedException(IReadOnlyList<string> problems)
    : Exception("The local host cannot run this app:" + string.Concat(problems.Select(p => "\n- " + p)))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
