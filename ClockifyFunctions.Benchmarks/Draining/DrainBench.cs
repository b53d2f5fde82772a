using Amqp;
using Amqp.Framing;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.Draining;

/// <summary>Measures how fast the app sends records without a rate limit: its own cost per call.</summary>
internal static class DrainBench
{
    public const int Keys = 50;

    /// <summary>Permits per second. More than any machine can send, so no call waits at the gate.</summary>
    private const int NoLimit = 100_000;

    /// <summary>Number of calls of each key before the measurement.</summary>
    private const int WarmUp = 200;

    /// <summary>A schedule that is never due during a run, so that no sweep runs.</summary>
    public const string Never = "0 0 0 1 1 *";

    public static async Task<BenchReport> RunAsync(int calls, string scriptRoot)
    {
        DrainResult[] results =
        [
            await MeasureAsync("0 ms", calls, TimeSpan.Zero, responses: true, width: 32, scriptRoot),
            await MeasureAsync("50 ms", calls, TimeSpan.FromMilliseconds(50), responses: true, width: 1600, scriptRoot),
            await MeasureAsync("0 ms, no response events", calls, TimeSpan.Zero, responses: false, width: 32, scriptRoot),
        ];
        return new BenchReport("drain", [.. results.SelectMany(Rows)], results, results.Any(result => result.Lost + result.Duplicates > 0));
    }

    private static IEnumerable<BenchRow> Rows(DrainResult result) =>
    [
        new(result.Case, Invariant($"{result.CallsPerSecond:0} calls/s"), Invariant($"{result.BareCallsPerSecond:0} calls/s, bare HttpClient"), Invariant($"{result.RateRatio:0.00}"), BenchRow.Judge("at least 0.7", result.RateRatio >= 0.7)),
        new(result.Case, Invariant($"{result.CpuMicroseconds:0} µs CPU per call"), Invariant($"{result.BareCpuMicroseconds:0} µs"), Invariant($"{result.CpuRatio:0.00}"), BenchRow.Judge("at most 1.5", result.CpuRatio <= 1.5)),
    ];

    public static async Task<DrainResult> MeasureAsync(string name, int calls, TimeSpan latency, bool responses, int width, string scriptRoot)
    {
        var credentials = Enumerable.Range(0, Keys).Select(number => $"key{number}").ToArray();
        await using var stack = await LocalStack.StartAsync(
            new LocalStackOptions
            {
                ScriptRoot = scriptRoot,
                Permits = NoLimit,
                MoreCredentials = credentials.Select((credential, number) => (credential, number)).ToDictionary(pair => pair.credential, pair => KeyOf(pair.number)),
                SweepSchedule = Never,
                Simulator = new SimulatorOptions { FaultPlan = latency > TimeSpan.Zero ? new FaultPlan(new Random(1)) { MinimumLatency = latency, MaximumLatency = latency } : null },
            },
            LocalLog.Create(), CancellationToken.None);
        var ledger = stack.Simulator!.Ledger;
        var storage = PreparedStorage.Open(stack.Azurite.ConnectionString);
        foreach (var credential in credentials) await storage.CreateAsync(credential, credential, responses: responses);
        await DrainAsync("warm-up", WarmUp);

        var app = stack.Hosts[0].Worker!;
        var (cpu, transactions) = (ProcessUse.Cpu(app), await StorageUse.ReadAsync(stack));
        var started = await DrainAsync(name, calls / Keys);
        var elapsed = (ledger.Calls[^1].Timestamp - started) / (double)TimeProvider.System.TimestampFrequency;
        cpu = ProcessUse.Cpu(app) - cpu;
        transactions = await StorageUse.ReadAsync(stack) - transactions;
        var bare = await BareLoop.RunAsync(stack.Simulator.BaseAddress, calls, width);

        var found = ledger.CreatedTimeEntries.Select(entry => entry.Description).Where(description => description.StartsWith($"{name} ", StringComparison.Ordinal)).CountBy(description => description).ToArray();
        return new DrainResult(
            name, calls, Math.Round(calls / elapsed), Math.Round(cpu.TotalMicroseconds / calls, 1), Math.Round(bare.CallsPerSecond), Math.Round(bare.CpuMicroseconds, 1),
            Math.Round(transactions.Total / (double)calls, 3), calls - found.Length, found.Sum(entry => entry.Value - 1));

        async Task<long> DrainAsync(string what, int each)
        {
            var created = ledger.CreatedTimeEntries.Count;
            await Parallel.ForAsync(0, Keys, async (key, _) => await storage.AppendAsync(credentials[key], credentials[key], Enumerable.Range(0, each).Select(number => Record(what, (key * each) + number)), what));
            var began = TimeProvider.System.GetTimestamp();
            foreach (var credential in credentials) stack.Bus.Queue(LocalStack.Drain).Send(Ticket(credential));
            await ledger.WhenCreatedAsync(created + (each * Keys), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(5));
            await SettledAsync(stack);
            return began;
        }
    }

    public static string KeyOf(int number) => $"simulated-key-{number}";

    public static string Record(string what, int number) =>
        Invariant($$"""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T10:30:00Z","description":"{{what}} {{number}}","billable":true}""");

    public static Message Ticket(string credential) => new()
    {
        Properties = new Properties { MessageId = Guid.NewGuid().ToString() },
        BodySection = new Data { Binary = System.Text.Encoding.UTF8.GetBytes($$"""{"credential":"{{credential}}"}""") },
    };

    /// <summary>Waits until every drain has written its outcomes and released its gate.</summary>
    private static async Task SettledAsync(LocalStack stack)
    {
        while (stack.Bus.Queue(LocalStack.Drain).Counts is { Active: > 0 } or { Locked: > 0 }) await Task.Delay(50);
    }
}
