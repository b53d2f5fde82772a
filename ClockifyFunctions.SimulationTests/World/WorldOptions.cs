using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.SimulationTests.World;

internal sealed record WorldOptions
{
    public int Instances { get; init; } = 1;

    /// <summary>The value of the setting <c>Credentials__default__Limits</c>.</summary>
    public string Limits { get; init; } = "10/00:00:01";

    /// <summary>Additional app settings, for example <c>Credentials__other__ApiKey</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Interval of the sweep. Default: one minute, as in the deployment. <see cref="Timeout.InfiniteTimeSpan"/>: never.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMinutes(1);

    public SimulatorOptions Simulator { get; init; } = new();
}
