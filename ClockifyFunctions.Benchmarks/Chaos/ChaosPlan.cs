namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>The faults of a run and their frequencies. All random values come from one seed, but the exact times of the faults depend on the machine.</summary>
/// <param name="Records">Number of records of all destinations.</param>
/// <param name="KillEvery">Mean interval between kills (kill -9) of a random app process.</param>
/// <param name="RestartStorageEvery">Mean interval between restarts of Azurite.</param>
/// <param name="DropEvery">Mean interval between resets of all connections to the broker. The broker then delivers locked messages again.</param>
internal sealed record ChaosPlan(int Records, int Seed, TimeSpan KillEvery, TimeSpan RestartStorageEvery, TimeSpan DropEvery)
{
    public static ChaosPlan Full { get; } = new(2000, 20261123, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(20));
}
