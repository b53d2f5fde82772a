namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <param name="Port">On 127.0.0.1; 0 takes a free one.</param>
/// <param name="Permits">Requests per key in any <paramref name="Period"/>; default 10 in one second.</param>
internal sealed record SimulatorOptions(int Port = 0, int Permits = 10)
{
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Keys beside <see cref="Seed.Key"/>, each with its user's id.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();
}
