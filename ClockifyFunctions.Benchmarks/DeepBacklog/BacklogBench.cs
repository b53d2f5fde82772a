using ClockifyFunctions.Benchmarks.Draining;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.DeepBacklog;

/// <summary>Measures the influence of the backlog size on the time to the first call, on memory, and on the time to continue after a kill.</summary>
internal static class BacklogBench
{
    private const string Destination = "deep";

    public static async Task<BenchReport> RunAsync(int deep, int shallow, TimeSpan drain, string scriptRoot)
    {
        var few = await MeasureAsync(shallow, drain, scriptRoot);
        var many = await MeasureAsync(deep, drain, scriptRoot);
        var name = Invariant($"{deep} waiting records");
        return new BenchReport(
            "backlog",
            [
                new(name, Invariant($"first call after {many.FirstCallMs:0} ms"), Invariant($"{few.FirstCallMs:0} ms with {shallow}"), Ratio(many.FirstCallMs, few.FirstCallMs), BenchRow.Judge("within 1 s", many.FirstCallMs <= 1000)),
                new(name, Invariant($"{many.MemoryMb:0} MB"), Invariant($"{few.MemoryMb:0} MB with {shallow}"), Ratio(many.MemoryMb, few.MemoryMb), BenchRow.Judge("within 20 %", many.MemoryMb <= 1.2 * few.MemoryMb)),
                new(name, Invariant($"continues {many.ResumeSeconds:0.0} s after a kill"), Invariant($"{few.ResumeSeconds:0.0} s with {shallow}"), Ratio(many.ResumeSeconds, few.ResumeSeconds)),
            ],
            new[] { few, many }, few.Duplicates + many.Duplicates > 0);

        static string Ratio(double one, double other) => Invariant($"{one / other:0.00}");
    }

    public static async Task<BacklogResult> MeasureAsync(int waiting, TimeSpan drain, string scriptRoot)
    {
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions { ScriptRoot = scriptRoot, AlwaysRestart = true, SweepSchedule = DrainBench.Never }, LocalLog.Create(), CancellationToken.None);
        var storage = PreparedStorage.Open(stack.Azurite.ConnectionString);
        await storage.CreateAsync(Destination, LocalStack.Credential);
        await storage.AppendAsync(Destination, LocalStack.Credential, Enumerable.Range(0, waiting).Select(number => DrainBench.Record(Destination, number)));
        var ledger = stack.Simulator!.Ledger;

        var asked = TimeProvider.System.GetTimestamp();
        stack.Bus.Queue(LocalStack.Drain).Send(DrainBench.Ticket(LocalStack.Credential));
        await ledger.WhenCreatedAsync(1, CancellationToken.None);
        var first = Seconds(ledger.Calls[0].Timestamp - asked) * 1000;
        await Task.Delay(drain);

        var app = stack.Hosts[0].Worker!;
        var memory = ProcessUse.Memory(app);
        var killed = TimeProvider.System.GetTimestamp();
        app.Kill();
        // Calls within half a second after the kill can be from the killed process.
        LedgerCall? next;
        while ((next = ledger.Calls.FirstOrDefault(call => call.Timestamp > killed + (TimeProvider.System.TimestampFrequency / 2))) is null) await Task.Delay(20);
        return new BacklogResult(
            waiting, Math.Round(first, 1), Math.Round(memory / 1048576.0, 1), Math.Round(Seconds(next.Timestamp - killed), 2),
            ledger.CreatedTimeEntries.CountBy(entry => entry.Description).Count(entry => entry.Value > 1));

        static double Seconds(long timestamps) => timestamps / (double)TimeProvider.System.TimestampFrequency;
    }
}
