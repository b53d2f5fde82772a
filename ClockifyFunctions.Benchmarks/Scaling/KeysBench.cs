using System.Diagnostics;
using System.Text.Json;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.Benchmarks.Draining;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.Scaling;

/// <summary>Measures cost and rate for a growing number of keys. Each key may make ten calls per second and gets ten records per second.</summary>
internal static class KeysBench
{
    private const int Permits = 10, HeadStartSeconds = 3;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    public static async Task<BenchReport> RunAsync(IReadOnlyList<int> numbers, int seconds, string scriptRoot)
    {
        var results = new List<KeysResult>();
        foreach (var keys in numbers) results.Add(await MeasureAsync(keys, seconds, scriptRoot));
        return new BenchReport("keys", Rows(results), results, results.Any(result => result.Duplicates > 0));
    }

    private static List<BenchRow> Rows(List<KeysResult> results)
    {
        // Compare with the first row of at least ten keys, in which the fixed cost of a process is shared.
        var reference = results.FirstOrDefault(result => result.Keys >= 10);
        return [.. results.SelectMany(result => Rows(result, reference is not null && result.Keys > reference.Keys ? reference : null))];
    }

    private static IEnumerable<BenchRow> Rows(KeysResult result, KeysResult? reference)
    {
        var what = Invariant($"{result.Keys} key{(result.Keys == 1 ? "" : "s")}, {result.Processes} process{(result.Processes == 1 ? "" : "es")}");
        yield return new BenchRow(what, Invariant($"lowest key {100 * result.UtilisationLowest:0.0} % of its rate, median {100 * result.UtilisationMedian:0.0} %; {result.CpuMillisecondsPerCall:0.00} ms CPU per call; {result.MemoryMb:0} MB; cores: app {result.AppCores:0.00}, storage {result.StorageCores:0.00}, the rest {result.RestCores:0.00}"));
        yield return Compare(Invariant($"{result.TransactionsPerCall:0.000} storage transactions per call"), result.TransactionsPerCall, reference?.TransactionsPerCall);
        yield return Compare(Invariant($"${result.StorageDollars:0.00} for these, per million calls"), result.StorageDollars, reference?.StorageDollars);

        BenchRow Compare(string measured, double cost, double? against) => against is not { } its
            ? new BenchRow(what, measured)
            : new BenchRow(what, measured, Invariant($"{its} with {reference!.Keys}"), Invariant($"{cost / its:0.00}"), BenchRow.Judge("within 20 %", Math.Abs((cost / its) - 1) <= 0.2));
    }

    public static async Task<KeysResult> MeasureAsync(int keys, int seconds, string scriptRoot)
    {
        var credentials = Enumerable.Range(0, keys).Select(number => $"key{number}").ToArray();
        var atATime = DrainsPerProcess(scriptRoot);
        var processes = (keys + atATime - 1) / atATime;
        await using var stack = await LocalStack.StartAsync(
            new LocalStackOptions { ScriptRoot = scriptRoot, Hosts = processes, Permits = Permits, MoreCredentials = credentials.Select((credential, number) => (credential, number)).ToDictionary(pair => pair.credential, pair => DrainBench.KeyOf(pair.number)) },
            LocalLog.Create(), CancellationToken.None);
        var storage = PreparedStorage.Open(stack.Azurite.ConnectionString);
        foreach (var credential in credentials) await storage.CreateAsync(credential, credential);
        var (ledger, apps, here) = (stack.Simulator!.Ledger, stack.Hosts.Select(host => host.Worker!).ToArray(), Process.GetCurrentProcess());

        var before = Use();
        var started = Stopwatch.GetTimestamp();
        var steady = WhileSteadyAsync(stack, seconds);
        await FeedAsync(stack, credentials, seconds);
        var expected = seconds * Permits * keys;
        await ledger.WhenCreatedAsync(expected, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(seconds)).ContinueWith(static _ => { }, TaskScheduler.Default);
        var elapsed = Stopwatch.GetElapsedTime(started);
        var after = Use();

        var utilisations = credentials.Select((_, number) => ledger.Utilisation(DrainBench.KeyOf(number), Permits, Window)).Order().ToArray();
        var transactions = await StorageUse.ReadAsync(stack);
        var found = ledger.CreatedTimeEntries.CountBy(entry => entry.Description).ToArray();
        var calls = ledger.Calls.Count;
        return new KeysResult(
            keys, processes, calls, Math.Round(utilisations[keys / 2], 3), Math.Round(utilisations[0], 3), Math.Round(transactions.Total / (double)calls, 3), transactions.ByOperation,
            Math.Round(transactions.OnGates / (double)calls, 3), stack.Bus.Queue(LocalStack.Drain).LastSequenceNumber, Math.Round(elapsed.TotalSeconds, 1),
            Cores(after.App - before.App), Cores(after.Storage - before.Storage), Cores(after.Here - before.Here), Math.Round(apps.Sum(ProcessUse.Memory) / 1048576.0, 1),
            expected - found.Length, found.Sum(entry => entry.Value - 1), ledger.Responses429, await steady);

        (TimeSpan App, TimeSpan Storage, TimeSpan Here) Use() => (TimeSpan.FromTicks(apps.Sum(app => ProcessUse.Cpu(app).Ticks)), ProcessUse.Cpu(stack.Azurite.Process), ProcessUse.Cpu(here));

        double Cores(TimeSpan cpu) => Math.Round(cpu / elapsed, 2);
    }

    /// <summary>The number of drains that one process of the deployment runs at a time.</summary>
    private static int DrainsPerProcess(string scriptRoot)
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(scriptRoot, "host.json")));
        return host.RootElement.GetProperty("extensions").GetProperty("serviceBus").GetProperty("maxConcurrentCalls").GetInt32();
    }

    /// <summary>The resources used in the second third of a run.</summary>
    private static async Task<KeysSpan> WhileSteadyAsync(LocalStack stack, int seconds)
    {
        var third = TimeSpan.FromSeconds(seconds / 3.0);
        await Task.Delay(third);
        var before = await UsedAsync();
        await Task.Delay(third);
        var after = await UsedAsync();
        return new KeysSpan(after.Calls - before.Calls, (after.Storage - before.Storage).ByOperation, after.Tickets - before.Tickets, after.Executions - before.Executions, Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds);

        async Task<(int Calls, StorageUse Storage, long Tickets, long Executions, long At)> UsedAsync() =>
            (stack.Simulator!.Ledger.Calls.Count, await StorageUse.ReadAsync(stack), stack.Bus.Queue(LocalStack.Drain).LastSequenceNumber, stack.Hosts.Sum(host => host.Executions), Stopwatch.GetTimestamp());
    }

    /// <summary>Sends some records in advance, then the records of one second for every key each second, spread over the second.</summary>
    private static async Task FeedAsync(LocalStack stack, string[] credentials, int seconds)
    {
        var queue = stack.Bus.Queue(LocalStack.Records);
        foreach (var credential in credentials) Send(credential, 0, HeadStartSeconds * Permits);
        var started = Stopwatch.GetTimestamp();
        for (var second = HeadStartSeconds; second < seconds; second++)
        {
            for (var number = 0; number < credentials.Length; number++)
            {
                var wait = TimeSpan.FromSeconds(second - HeadStartSeconds + 1 + (number / (double)credentials.Length)) - Stopwatch.GetElapsedTime(started);
                if (wait > TimeSpan.Zero) await Task.Delay(wait);
                Send(credentials[number], second * Permits, Permits);
            }
        }

        void Send(string credential, int first, int count)
        {
            for (var number = first; number < first + count; number++) queue.Send(ChaosWork.ToMessage(credential, DrainBench.Record(credential, number)));
        }
    }
}
