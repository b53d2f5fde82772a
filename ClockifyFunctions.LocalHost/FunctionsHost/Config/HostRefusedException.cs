namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>The script root asks for something this host does not do. Carries every problem, not only the first.</summary>
internal sealed class HostRefusedException(IReadOnlyList<string> problems)
    : Exception("The local host cannot run this script root:" + string.Concat(problems.Select(p => "\n- " + p)))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
