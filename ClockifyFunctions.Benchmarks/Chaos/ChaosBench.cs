using System.Globalization;
using System.Text;
using System.Text.Json;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>Checks that each record is delivered once and in order while processes, storage, broker and API fail.</summary>
internal static class ChaosBench
{
    private const int Permits = 10, Hosts = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    public static async Task<int> RunAsync(string? jsonFile, ChaosPlan plan)
    {
        var result = await RunAsync(plan, Directory.Exists(Repository.PublishedBuild) ? Repository.PublishedBuild : Repository.DevelopmentBuild);
        var json = JsonSerializer.Serialize(result, Summary.Json);
        Console.WriteLine(json);
        if (jsonFile is not null) await File.WriteAllTextAsync(jsonFile, json);
        return result.IsPerfect ? 0 : 1;
    }

    public static async Task<ChaosResult> RunAsync(ChaosPlan plan, string scriptRoot)
    {
        await using var stack = await LocalStack.StartAsync(
            new LocalStackOptions
            {
                ScriptRoot = scriptRoot,
                Hosts = Hosts,
                AlwaysRestart = true,
                Permits = Permits,
                MoreCredentials = ChaosWork.MoreCredentials,
                Simulator = new SimulatorOptions { AddonWindows = [], KeepBodies = true },
            },
            LocalLog.Create(), CancellationToken.None);
        var work = new ChaosWork(plan.Records);
        await work.PrepareAsync(stack);
        stack.Simulator!.Faults.Follow(ChaosMonkey.Faults(plan.Seed));

        var started = TimeProvider.System.GetTimestamp();
        using var over = new CancellationTokenSource();
        var events = new Events(stack.Bus.Queue(LocalStack.Responses), work.Records);
        var reading = events.ReadAsync(over.Token);
        var monkey = new ChaosMonkey(stack, plan);
        var trouble = monkey.RunAsync(over.Token);
        var records = stack.Bus.Queue(LocalStack.Records);
        // Put the messages directly into the broker. A producer that has to repeat a send would create duplicates.
        foreach (var (destination, body) in work.Messages(new Random(plan.Seed))) records.Send(ChaosWork.ToMessage(destination, body));

        await events.AllCame.WaitAsync(Patience).ContinueWith(static _ => { }, TaskScheduler.Default);
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        await over.CancelAsync();
        await Task.WhenAll(trouble, reading);

        var ledger = stack.Simulator.Ledger;
        var (lost, duplicates, violations) = work.Judge(ledger);
        string[] keys = [Seed.AdaKey, ChaosWork.Key2, ChaosWork.Key3];
        foreach (var key in keys) Explain(ledger.CallsOf(key), monkey, started);
        foreach (var twice in ledger.CreatedTimeEntries.GroupBy(entry => entry.Description).Where(group => group.Count() > 1))
        {
            var arrivals = ledger.Calls.Where(call => call is { Method: "POST", Body: { } body } && body.Contains($"\"{twice.Key}\"", StringComparison.Ordinal));
            Console.Error.WriteLine($"Created twice: {twice.Key}, by calls at {string.Join(", ", arrivals.Select(call => string.Create(CultureInfo.InvariantCulture, $"{(call.Timestamp - started) / (double)TimeProvider.System.TimestampFrequency:0.000} (status {call.Status}, applied {call.EffectApplied})")))}; {monkey.Describe(started)}");
        }

        var calls = keys.Sum(key => ledger.CallsOf(key).Count);
        return new ChaosResult(
            work.Records, lost, duplicates, violations, events.Quarantined, work.Records - events.Count,
            keys.Sum(key => ledger.WindowsAboveLimit(key, Permits, TimeSpan.FromSeconds(1))), ledger.Responses429,
            monkey.Kills.Count, monkey.Restarts.Count, monkey.Drops.Count, calls, Math.Round(monkey.StorageTransactions / (double)calls, 3), Math.Round(elapsed.TotalSeconds, 1),
            Percentiles.Of(keys.SelectMany(key => Recoveries(ledger.CallsOf(key), monkey.Kills))), Percentiles.Of(events.LatenciesMs));
    }

    /// <summary>Prints the faults around each call that exceeded the limit.</summary>
    private static void Explain(IReadOnlyList<LedgerCall> calls, ChaosMonkey monkey, long started)
    {
        double Seconds(long timestamp) => (timestamp - started) / (double)TimeProvider.System.TimestampFrequency;
        for (var index = Permits; index < calls.Count; index++)
        {
            if (Seconds(calls[index].Timestamp) - Seconds(calls[index - Permits].Timestamp) >= 1) continue;
            var window = calls.Skip(index - Permits - 2).Take(Permits + 4).Select(call => Seconds(call.Timestamp).ToString("0.000", CultureInfo.InvariantCulture));
            Console.Error.WriteLine($"Above the limit: arrivals at {string.Join(' ', window)}; {monkey.Describe(started)}");
        }
    }

    /// <summary>The time from each kill to the next call of each key that had work. Calls within half a second after a kill can be from the killed process and are ignored.</summary>
    private static IEnumerable<double> Recoveries(IReadOnlyList<LedgerCall> calls, IEnumerable<long> kills)
    {
        var frequency = TimeProvider.System.TimestampFrequency;
        foreach (var kill in kills)
        {
            var next = calls.FirstOrDefault(call => call.Timestamp > kill + (frequency / 2));
            var last = calls.LastOrDefault(call => call.Timestamp <= kill);
            if (next is not null && last is not null && kill - last.Timestamp < frequency) yield return (next.Timestamp - kill) / (double)frequency;
        }
    }

    /// <summary>The reader of the response queue. It counts each record once, although the broker can deliver its event several times.</summary>
    private sealed class Events(EmulatedQueue queue, int expected)
    {
        private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task AllCame => _all.Task;

        public int Count => _seen.Count;

        public int Quarantined { get; private set; }

        public List<double> LatenciesMs { get; } = [];

        public async Task ReadAsync(CancellationToken over)
        {
            try
            {
                while (true)
                {
                    var message = await queue.ReceiveAsync(ReceiveMode.ReceiveAndDelete, over);
                    using var json = JsonDocument.Parse(Encoding.UTF8.GetString(((Data)message.Content.BodySection).Binary));
                    var fresh = ChaosWork.RecordsIn(json.RootElement).Where(_seen.Add).ToList();
                    if (fresh.Count == 0) continue;
                    LatenciesMs.Add((DateTimeOffset.UtcNow - json.RootElement.GetProperty("time").GetDateTimeOffset()).TotalMilliseconds);
                    if (json.RootElement.GetProperty("type").GetString() is not ("clockify.call.delivered" or "clockify.records.unchanged"))
                    {
                        Quarantined++;
                        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Quarantined: {json.RootElement}"));
                    }

                    if (_seen.Count >= expected) _all.TrySetResult();
                }
            }
            catch (OperationCanceledException)
            {
                // The run has ended.
            }
        }
    }
}
