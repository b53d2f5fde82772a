using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>Injects the faults of a plan and records their times.</summary>
internal sealed class ChaosMonkey(LocalStack stack, ChaosPlan plan)
{
    private readonly Random _random = new(plan.Seed);
    private readonly Dictionary<int, long> _transactions = [];

    /// <summary>Timestamps of the kills.</summary>
    public List<long> Kills { get; } = [];

    /// <summary>Timestamps of the restarts of the storage.</summary>
    public List<long> Restarts { get; } = [];

    /// <summary>Timestamps of the resets of all connections.</summary>
    public List<long> Drops { get; } = [];

    /// <summary>Storage transactions of all processes so far.</summary>
    public long StorageTransactions => _transactions.Values.Sum();

    /// <summary>One call in 14 has a fault, and each call takes up to 300 ms.</summary>
    public static FaultPlan Faults(int seed) => new(new Random(seed))
    {
        ServerError = 0.02,
        ApplyThen500 = 0.01,
        DropBeforeApplying = 0.015,
        DropAfterApplying = 0.015,
        TooManyRequests = 0.01,
        MaximumLatency = TimeSpan.FromMilliseconds(300),
    };

    /// <summary>The times of all faults, in seconds.</summary>
    public string Describe(long started)
    {
        return $"kills at {Times(Kills)}; storage restarts at {Times(Restarts)}; connection drops at {Times(Drops)}";

        string Times(IEnumerable<long> timestamps) => string.Join(' ', timestamps.Select(at => ((at - started) / (double)TimeProvider.System.TimestampFrequency).ToString("0.0", CultureInfo.InvariantCulture)));
    }

    public async Task RunAsync(CancellationToken over)
    {
        try
        {
            await Task.WhenAll(
                EveryAsync(TimeSpan.FromSeconds(1), spread: 0, SampleAsync, over),
                EveryAsync(plan.KillEvery, spread: 0.5, KillAsync, over),
                EveryAsync(plan.RestartStorageEvery, spread: 0.5, RestartStorageAsync, over),
                EveryAsync(plan.DropEvery, spread: 0.5, DropAsync, over));
        }
        catch (OperationCanceledException)
        {
            // The run has ended.
        }
    }

    private async Task EveryAsync(TimeSpan interval, double spread, Func<Task> act, CancellationToken over)
    {
        while (true)
        {
            double factor;
            lock (_random) factor = 1 + (spread * ((2 * _random.NextDouble()) - 1));
            await Task.Delay(interval * factor, over);
            await act();
        }
    }

    private async Task KillAsync()
    {
        var host = stack.Hosts[_random.Next(stack.Hosts.Count)];
        if (host.Worker is not { } worker) return;
        Kills.Add(TimeProvider.System.GetTimestamp());
        worker.Kill();
        await Task.CompletedTask;
    }

    private async Task RestartStorageAsync()
    {
        Restarts.Add(TimeProvider.System.GetTimestamp());
        await stack.Azurite.StopProcessAsync();
        await stack.Azurite.StartProcessAsync(CancellationToken.None);
    }

    private Task DropAsync()
    {
        Drops.Add(TimeProvider.System.GetTimestamp());
        return stack.Bus.DropConnectionsAsync();
    }

    private async Task SampleAsync()
    {
        foreach (var host in stack.Hosts)
        {
            if (host.Worker is not { } worker) continue;
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/api/health/ready")) { Headers = { { "x-functions-key", stack.FunctionKey } } };
                using var answer = await stack.Api.SendAsync(request, limit.Token);
                if (answer.IsSuccessStatusCode) _transactions[worker.Id] = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(limit.Token)).RootElement.GetProperty("storageTransactions").GetInt64();
            }
            catch (Exception down) when (down is HttpRequestException or OperationCanceledException or JsonException or InvalidOperationException)
            {
                // The process was just killed, or its storage is unavailable. Use the next sample.
            }
        }
    }
}
