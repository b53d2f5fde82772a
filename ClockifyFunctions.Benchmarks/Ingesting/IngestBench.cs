using System.Globalization;
using Amqp;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.Ingesting;

/// <summary>
/// Measures how fast a full queue is ingested into a backlog by host, app and storage. The baseline is a loop that receives and completes the same
/// messages over AMQP and does nothing else. It also runs with two instances, because the host gives each instance one batch at a time, and the
/// platform adds instances if a queue grows.
/// </summary>
internal static class IngestBench
{
    private const int RecordBytes = 500, Credit = 1000;
    private const string Destination = "ingest";

    public static async Task<BenchReport> RunAsync(int records, string scriptRoot)
    {
        // Warm up: emulator, host and loop share this process and its JIT.
        await MeasureAsync(records / 2, 1, scriptRoot);
        IngestResult[] results = [await MeasureAsync(records, 1, scriptRoot), await MeasureAsync(records, 2, scriptRoot)];
        return new BenchReport("ingest", [.. results.SelectMany(Rows)], results, results.Any(result => result.Missing > 0));
    }

    private static IEnumerable<BenchRow> Rows(IngestResult result)
    {
        var what = Invariant($"{result.Records} records of {RecordBytes} B, {result.Instances} instance{(result.Instances == 1 ? "" : "s")}");
        yield return new BenchRow(
            what, Invariant($"{result.RecordsPerSecond:0} records/s"), Invariant($"{result.BareRecordsPerSecond:0} records/s, bare receive and complete"), Invariant($"{result.Ratio:0.00}"),
            BenchRow.Judge("at least 0.7", result.Ratio >= 0.7));
        yield return new BenchRow(what, Invariant($"{result.CpuMicroseconds:0} µs CPU of the app per record, {result.PeakMb:0} MB per process at most, {result.StorageTransactionsPerRecord:0.0000} storage transactions per record"));
    }

    public static async Task<IngestResult> MeasureAsync(int records, int instances, string scriptRoot)
    {
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions { ScriptRoot = scriptRoot, Hosts = 0 }, LocalLog.Create(), CancellationToken.None);
        var storage = PreparedStorage.Open(stack.Azurite.ConnectionString);
        await storage.CreateAsync(Destination, LocalStack.Credential, DestinationState.Paused);
        var queue = stack.Bus.Queue(LocalStack.Records);

        Fill(queue, records);
        var bare = await BareAsync(stack.Bus.Port, queue);

        Fill(queue, records);
        var starting = StartAsync();
        var elapsed = await EmptiedAsync(queue);
        await starting;
        var apps = stack.Hosts.Select(host => host.Worker!).ToArray();
        var (cpu, peak, transactions) = (TimeSpan.FromTicks(apps.Sum(app => ProcessUse.Cpu(app).Ticks)), apps.Max(ProcessUse.PeakMemory), await StorageUse.ReadAsync(stack));
        return new IngestResult(
            records, instances, Math.Round(records / elapsed.TotalSeconds), Math.Round(records / bare.TotalSeconds), Math.Round(cpu.TotalMicroseconds / records, 1), Math.Round(peak / 1048576.0, 1),
            Math.Round(transactions.Total / (double)records, 4), records - await storage.CountAsync(Destination, LocalStack.Credential));

        async Task StartAsync()
        {
            for (var instance = 0; instance < instances; instance++) await stack.StartHostAsync(0, LocalLog.Create(), CancellationToken.None);
        }
    }

    private static void Fill(EmulatedQueue queue, int records)
    {
        for (var number = 0; number < records; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $$"""{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T10:30:00Z","description":"{{number}}""");
            queue.Send(ChaosWork.ToMessage(Destination, text.PadRight(RecordBytes - 2, '.') + "\"}"));
        }
    }

    private static async Task<TimeSpan> BareAsync(int port, EmulatedQueue queue)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = Amqp.Sasl.SaslProfile.Anonymous;
        var connection = await factory.CreateAsync(new Address(Invariant($"amqp://127.0.0.1:{port}")));
        var receiver = new ReceiverLink(new Session(connection), "bare-loop", queue.Name);
        receiver.Start(Credit, static (link, message) => link.Accept(message));
        var elapsed = await EmptiedAsync(queue);
        await connection.CloseAsync();
        return elapsed;
    }

    /// <summary>The time from the first received message to the last completed one.</summary>
    private static async Task<TimeSpan> EmptiedAsync(EmulatedQueue queue)
    {
        var full = queue.Counts.Active;
        while (queue.Counts.Active == full) await Task.Delay(1);
        var started = TimeProvider.System.GetTimestamp();
        while (queue.Counts is { Active: > 0 } or { Locked: > 0 }) await Task.Delay(5);
        return TimeProvider.System.GetElapsedTime(started);
    }
}
