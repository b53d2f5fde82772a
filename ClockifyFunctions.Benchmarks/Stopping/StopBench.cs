using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Storage;
using Host = ClockifyFunctions.LocalHost.FunctionsHost.FunctionsHost;

namespace ClockifyFunctions.Benchmarks.Stopping;

/// <param name="HandoverMs">Milliseconds from the terminate message to the first call of the other instance.</param>
/// <param name="WindowsAboveLimit">Windows of one second with more calls than the limit allows.</param>
internal sealed record StopResult(int Stops, Percentiles HandoverMs, int Lost, int Duplicates, int WindowsAboveLimit);

/// <summary>
/// Two instances and a busy key. Repeatedly, the sending instance is requested to stop, as in a scale-in, and a new one is started. The other
/// instance must continue within two seconds. In contrast, a killed instance delays the other by up to the duration of its lease.
/// </summary>
internal static class StopBench
{
    private const int Permits = 10, RecordsPerStop = 100;
    private const string Destination = "busy";

    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(2), Between = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(20), Longest = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(string? jsonFile, int stops)
    {
        var result = await RunAsync(stops, Directory.Exists(Repository.PublishedBuild) ? Repository.PublishedBuild : Repository.DevelopmentBuild);
        var json = JsonSerializer.Serialize(result, Summary.Json);
        Console.WriteLine(json);
        if (jsonFile is not null) await File.WriteAllTextAsync(jsonFile, json);
        return result is { Lost: 0, Duplicates: 0, WindowsAboveLimit: 0 } && result.HandoverMs.Max <= Aim.TotalMilliseconds ? 0 : 1;
    }

    public static async Task<StopResult> RunAsync(int stops, string scriptRoot)
    {
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions { ScriptRoot = scriptRoot, Hosts = 2, Permits = Permits }, LocalLog.Create(), CancellationToken.None);
        await StartCommand.CreateDestinationAsync(stack, Destination, Seed.WorkspaceId, CancellationToken.None);
        string[] records = [.. Enumerable.Range(0, stops * RecordsPerStop).Select(number => string.Create(CultureInfo.InvariantCulture, $$"""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"record {{number}}"}"""))];
        foreach (var record in records) stack.Bus.Queue(LocalStack.Records).Send(ChaosWork.ToMessage(Destination, record));

        var ledger = stack.Simulator!.Ledger;
        var account = new BlobAccount(new AppSettings { StorageConnection = stack.Azurite.ConnectionString, Credentials = new Dictionary<string, Credential>() });
        var handovers = new List<double>();
        for (var stop = 0; stop < stops; stop++)
        {
            await Task.Delay(Between);
            var sender = await SenderAsync(stack, account);
            var stoppedAt = TimeProvider.System.GetTimestamp();
            // Without a wait, the terminate message is sent immediately. The real host waits up to 10 s first, during which the instance continues.
            await sender.StopAsync(TimeSpan.Zero);
            handovers.Add(await HandoverAsync(ledger, stoppedAt));
            await stack.StartHostAsync(0, LocalLog.Create(), CancellationToken.None);
        }

        await ledger.WhenCreatedAsync(records.Length, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(records.Length / (double)Permits) + Longest);
        var (lost, doubled) = Summary.Compare(records, ledger.CreatedTimeEntries);
        return new StopResult(stops, Percentiles.Of(handovers), lost, doubled, ledger.WindowsAboveLimit(Seed.AdaKey, Permits, TimeSpan.FromSeconds(1)));
    }

    /// <summary>The instance whose worker holds the gate.</summary>
    private static async Task<Host> SenderAsync(LocalStack stack, BlobAccount account)
    {
        while (true)
        {
            var metadata = (await account.Gates.GetBlobClient(LocalStack.Credential).GetPropertiesAsync()).Value.Metadata;
            if (metadata.TryGetValue(GateKeeper.HolderEntry, out var holder)
                && stack.Hosts.FirstOrDefault(host => host.Worker is { HasExited: false } worker && holder.EndsWith(string.Create(CultureInfo.InvariantCulture, $"-{worker.Id}"), StringComparison.Ordinal)) is { } sender) return sender;
            await Task.Delay(Look);
        }
    }

    /// <summary>
    /// The stopped instance ends its calls in flight before the other one starts. The first call of the other instance is the one after the longest
    /// pause, because the calls of one instance are a tenth of a second apart.
    /// </summary>
    private static async Task<double> HandoverAsync(Ledger ledger, long stoppedAt)
    {
        var after = Array.Empty<long>();
        while (after.Length < Permits && TimeProvider.System.GetElapsedTime(stoppedAt) < Longest)
        {
            await Task.Delay(Look);
            after = [.. ledger.Calls.Select(call => call.Timestamp).Where(timestamp => timestamp > stoppedAt)];
        }

        long[] times = [stoppedAt, .. after];
        var first = times.Zip(times.Skip(1)).MaxBy(pair => pair.Second - pair.First).Second;
        return TimeProvider.System.GetElapsedTime(stoppedAt, first).TotalMilliseconds;
    }
}
