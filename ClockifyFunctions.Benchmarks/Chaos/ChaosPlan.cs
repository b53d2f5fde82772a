namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>What goes wrong, and how often. Everything is drawn from one seed; when it strikes depends on the machine all the same.</summary>
/// <param name="Records">Over all destinations.</param>
/// <param name="KillEvery">kill -9 to a random app process, on average so often.</param>
/// <param name="RestartStorageEvery">Azurite is stopped and started again.</param>
/// <param name="DropEvery">All connections to the broker are reset: what was locked is delivered again.</param>
internal sealed record ChaosPlan(int Records, int Seed, TimeSpan KillEvery, TimeSpan RestartStorageEvery, TimeSpan DropEvery)
{
    public static ChaosPlan Full { get; } = new(2000, 20261123, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20));
}
