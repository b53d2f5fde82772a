using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Gate;

/// <summary>Runs the app in one or more processes, with as many records as the limits of its keys allow in the given time.</summary>
internal sealed class AppScenario(string name, int seconds)
{
    private const int Permits = 10;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>The library of the Debian package faketime. It is preloaded, because the faketime command would be an additional parent process.</summary>
    public const string FakeTimeLibrary = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

    public required string ScriptRoot { get; init; }

    public int Processes { get; init; } = 1;

    public int Keys { get; init; } = 1;

    /// <summary>Interval between kills (kill -9) of the process that holds the gate. Null: no kills.</summary>
    public TimeSpan? KillEvery { get; init; }

    public TimeSpan? FreezeStorageFor { get; init; }

    /// <summary>Whether the wall clocks of the processes differ by 5 s each, by faketime.</summary>
    public bool SkewClocks { get; init; }

    public async Task<ScenarioResult> RunAsync()
    {
        var more = Enumerable.Range(2, Keys - 1).ToDictionary(number => $"key{number}", number => $"simulated-key-{number}");
        await using var stack = await LocalStack.StartAsync(
            new LocalStackOptions { ScriptRoot = ScriptRoot, Hosts = Processes, AlwaysRestart = true, Permits = Permits, MoreCredentials = more, Wrapper = SkewClocks ? FakeTimeWrapper : _ => null },
            LocalLog.Create(), CancellationToken.None);
        var ledger = stack.Simulator!.Ledger;
        await using var client = await BusClient.ConnectAsync(stack.Bus.Port);
        var perKey = SampleRecords.Read(((seconds + 2) * Permits).ToString(CultureInfo.InvariantCulture));
        var credentials = more.Keys.Prepend(LocalStack.Credential).ToArray();
        foreach (var credential in credentials) await StartCommand.CreateDestinationAsync(stack, credential, Seed.WorkspaceId, CancellationToken.None, credential: credential);

        // Send the records of five seconds first, then those of one second each second. Tickets keep arriving, so all processes compete for the gate.
        var feeding = Task.WhenAll(credentials.Select(credential => FeedAsync(client, credential, perKey)));
        using var over = new CancellationTokenSource();
        var takeovers = new List<double>();
        var trouble = TroubleAsync(stack, takeovers, over.Token);
        await feeding;
        await ledger.WhenCreatedAsync(perKey.Count * credentials.Length, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds((3 * seconds) + 120)).ContinueWith(static _ => { }, TaskScheduler.Default);
        await over.CancelAsync();
        await trouble;

        var keys = more.Values.Prepend(Seed.AdaKey).ToArray();
        var compared = keys.Select(key => Summary.Compare(perKey, ledger.CreatedTimeEntries.Where(entry => entry.Key == Ledger.Fingerprint(key)))).ToArray();
        var calls = ledger.Calls;
        var storage = KillEvery is null ? await StorageUse.ReadAsync(stack) : null;
        return new ScenarioResult(
            name, Processes, (double)(calls[^1].Timestamp - calls[0].Timestamp) / TimeProvider.System.TimestampFrequency,
            keys.Min(key => ledger.Utilisation(key, Permits, Window)), keys.Sum(key => ledger.WindowsAboveLimit(key, Permits, Window)), ledger.Responses429,
            storage?.OnGates / (double)calls.Count, storage?.Total / (double)calls.Count,
            takeovers.Count == 0 ? null : takeovers.Max(),
            compared.Sum(result => result.Lost), compared.Sum(result => result.Duplicates));
    }

    private static async Task FeedAsync(BusClient client, string credential, IReadOnlyList<string> records)
    {
        const int HeadStart = 5 * Permits;
        await client.SendAsync(LocalStack.Records, records.Take(HeadStart), credential);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        foreach (var portion in records.Skip(HeadStart).Chunk(Permits))
        {
            await timer.WaitForNextTickAsync();
            await client.SendAsync(LocalStack.Records, portion, credential);
        }
    }

    private async Task TroubleAsync(LocalStack stack, List<double> takeovers, CancellationToken over)
    {
        try
        {
            if (FreezeStorageFor is { } freeze)
            {
                await Task.Delay(TimeSpan.FromSeconds(seconds / 3), over);
                await stack.Azurite.FreezeAsync();
                await Task.Delay(freeze, CancellationToken.None);
                await stack.Azurite.ThawAsync();
            }

            while (KillEvery is { } every)
            {
                await Task.Delay(every, over);
                if (await HolderAsync(stack) is not { } holder) continue;
                var before = stack.Simulator!.Ledger.Calls.Count;
                var killedAt = TimeProvider.System.GetTimestamp();
                holder.Kill();
                while (stack.Simulator.Ledger.Calls.Count <= before + 1) await Task.Delay(20, over); // One call of the killed process may still arrive.
                var next = stack.Simulator.Ledger.Calls.First(call => call.Timestamp > killedAt + (TimeProvider.System.TimestampFrequency / 2));
                takeovers.Add((double)(next.Timestamp - killedAt) / TimeProvider.System.TimestampFrequency);
            }
        }
        catch (OperationCanceledException)
        {
            // All records have been sent.
        }
    }

    private static async Task<System.Diagnostics.Process?> HolderAsync(LocalStack stack)
    {
        var status = JsonDocument.Parse(await stack.Api.GetStringAsync(new Uri($"destinations/{LocalStack.Credential}/status", UriKind.Relative))).RootElement;
        if (!status.TryGetProperty("holder", out var holder)) return null;
        var id = int.Parse(holder.GetString()!.Split('-')[^1], CultureInfo.InvariantCulture);
        return stack.Hosts.Select(host => host.Worker!).FirstOrDefault(worker => worker.Id == id);
    }

    /// <summary>Writes a script that starts the app with a wall clock that is wrong by a multiple of 5 s. The monotonic clock is not changed.</summary>
    private string FakeTimeWrapper(int host)
    {
        var script = Path.Combine(Path.GetTempPath(), $"clockify-skew-{Environment.ProcessId}-{host}.sh");
        File.WriteAllText(script, $"#!/bin/sh\nexport LD_PRELOAD={FakeTimeLibrary} FAKETIME='{(host - 1) * 5:+0;-0;+0}s' FAKETIME_DONT_FAKE_MONOTONIC=1\nexec \"$@\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return script;
    }
}
