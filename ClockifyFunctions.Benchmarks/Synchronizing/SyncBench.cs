using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Benchmarks.Draining;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using static System.FormattableString;

namespace ClockifyFunctions.Benchmarks.Synchronizing;

/// <summary>Measures how fast unchanged records are settled, and how much memory their links need.</summary>
internal static class SyncBench
{
    private const string Destination = "crm", WarmUp = "warm-up";

    private const int FewRecords = 5000;

    public static async Task<BenchReport> RunAsync(int records, string scriptRoot)
    {
        var result = await MeasureAsync(records, scriptRoot);
        var name = Invariant($"{records} unchanged records");
        return new BenchReport(
            "sync",
            [
                new(name, Invariant($"{result.RecordsPerSecond:0} records/s"), "", "", BenchRow.Judge("at least 20000", result.RecordsPerSecond >= 20_000)),
                new(name, Invariant($"{result.Calls} calls"), "", "", BenchRow.Judge("none", result.Calls == 0)),
                new(name, Invariant($"{result.BytesPerKey:0} bytes of memory per key"), "", "", BenchRow.Judge("at most 150", result.BytesPerKey <= 150)),
            ],
            result, result.Calls > 0);
    }

    public static async Task<SyncResult> MeasureAsync(int records, string scriptRoot)
    {
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions { ScriptRoot = scriptRoot, SweepSchedule = DrainBench.Never }, LocalLog.Create(), CancellationToken.None);
        var account = new BlobAccount(new AppSettings { StorageConnection = stack.Azurite.ConnectionString, Credentials = new Dictionary<string, Credential>() });
        await PrepareAsync(account, WarmUp, FewRecords);
        await SettleAsync(stack, account, WarmUp, FewRecords);
        await PrepareAsync(account, Destination, records);
        var elapsed = await SettleAsync(stack, account, Destination, records);
        return new SyncResult(records, Math.Round(records / elapsed.TotalSeconds), stack.Simulator!.Ledger.Calls.Count, Math.Round(BytesPerKey(records), 1));
    }

    /// <summary>Memory of links that are all active.</summary>
    private static double BytesPerKey(int keys)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new LinkTable();
        for (var number = 0; number < keys; number++) table.Set(Links.HashOf(KeyOf(number)), LinkTo(number, 1));
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(table);
        return bytes / (double)keys;
    }

    /// <summary>Writes a destination, the links of its keys, and a backlog of unchanged records.</summary>
    private static async Task PrepareAsync(BlobAccount account, string id, int records)
    {
        var config = new DestinationConfig { Credential = LocalStack.Credential, Sync = "tags", Key = "{record.key}", Inputs = new Dictionary<string, string> { ["workspaceId"] = Seed.WorkspaceId } };
        await new DestinationStore(account, TimeProvider.System).WriteAsync(new StoredDestination(id, DestinationState.Active, config), null, CancellationToken.None);
        var credential = new Credential(LocalStack.Credential, "any", "X-Api-Key", new Uri("https://api.clockify.me/api/v1"), []);
        if (!Destinations.Destination.TryCreate(id, config, new Dictionary<string, Credential> { [credential.Name] = credential }, out var destination, out var problems)) throw new InvalidOperationException(string.Join(" ", problems));
        var reader = new SyncRowReader(destination.Links!);
        var links = new Links(account, LocalStack.Credential, id);
        await links.OpenAsync(CancellationToken.None);
        await links.AppendAsync([.. Enumerable.Range(0, records).Select(number => LinkLine.Of(KeyOf(number), LinkTo(number, reader.Read(RecordOf(number), out _)!.Hash)))]);
        await new Backlogs(account).AppendAsync(LocalStack.Credential, id, Enumerable.Range(0, records).Select(number => new BacklogRecord(Invariant($"record-{number}"), null, DateTimeOffset.UtcNow, RecordOf(number))), CancellationToken.None);
    }

    /// <summary>Time from the ticket until the cursor has passed all records.</summary>
    private static async Task<TimeSpan> SettleAsync(LocalStack stack, BlobAccount account, string id, int records)
    {
        var backlogs = new Backlogs(account);
        var started = TimeProvider.System.GetTimestamp();
        stack.Bus.Queue(LocalStack.Drain).Send(DrainBench.Ticket(LocalStack.Credential));
        while ((await backlogs.FindAsync(LocalStack.Credential, id, CancellationToken.None))?.Cursor.Delivered < records) await Task.Delay(20);
        return TimeProvider.System.GetElapsedTime(started);
    }

    private static string KeyOf(int number) => Invariant($"crm/{number}");

    private static RawJson RecordOf(int number) => RawJson.Of(JsonSerializer.SerializeToElement(new { key = KeyOf(number), name = Invariant($"Tag {number}") }));

    private static Link LinkTo(int number, UInt128 hash) => new(LinkState.Active, ObjectId.Parse(Invariant($"{number + 1:x24}")), default, hash, DateTimeOffset.UnixEpoch);
}

/// <param name="Calls">The number of calls at the simulator.</param>
internal sealed record SyncResult(int Records, double RecordsPerSecond, int Calls, double BytesPerKey);
