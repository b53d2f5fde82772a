using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using Spectre.Console;

namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>Imports the file of an agency through the public API, and compares the workspace of the simulator with the expectation.</summary>
internal static class AgencyCommand
{
    private const string Destination = "agency";

    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancel)
    {
        var folder = AgencyFolder.Read(line.Agency!);
        await using var stack = await StartCommand.StartStackAsync(line, LocalPorts.From(0), cancel, folder.Workspace);
        await CreateDestinationAsync(stack, folder, cancel);
        await using var client = await BusClient.ConnectAsync(stack.Bus.Port);
        var settled = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        client.Subscribe(LocalStack.Responses, text =>
        {
            foreach (var id in SettledRows.OfEvent(text)) settled[id] = true;
        });

        var clock = Stopwatch.StartNew();
        var (rows, notSettled, first) = (0, 0, default(Traffic));
        for (var time = 1; time <= line.Times; time++)
        {
            var ids = await SendAsync(stack, folder, cancel);
            rows = ids.Count;
            notSettled += await WaitAsync($"time {time} of {line.Times}", stack, ids, settled, cancel);
            if (time == 1) first = Traffic.Of(stack);
        }

        var compared = Comparison.Of(
            folder.Expected, stack.Simulator!.Read(folder.Workspace.WorkspaceId, workspace => WorkspaceState.Of(workspace, folder.Workspace)),
            [.. (await QuarantineAsync(stack, cancel)).Select(entry => QuarantinedRow.Of(entry, folder.KeyAttribute))]);
        var all = Traffic.Of(stack);
        var summary = new AgencySummary(
            rows, line.Times, compared.EntriesExpected, compared.EntriesMatching, compared.EntriesUnexpected, compared.QuarantinedExpected, compared.QuarantinedMatching, compared.QuarantinedUnexpected,
            compared.CreatedExpected, compared.CreatedMatching, compared.CreatedTwice, notSettled, all.Calls, all.Lookups, stack.Simulator.Ledger.Responses429,
            line.Times > 1 ? all.Writes - first.Writes : null, line.Times > 1 ? all.Lookups - first.Lookups : null, clock.Elapsed.TotalSeconds, compared.Differences);
        summary.Print();
        if (line.JsonFile is { } file) await summary.WriteAsync(file, cancel);
        return summary.IsPerfect ? 0 : 1;
    }

    private static async Task CreateDestinationAsync(LocalStack stack, AgencyFolder folder, CancellationToken cancel)
    {
        using var config = new StringContent(folder.Destination, Encoding.UTF8, "application/json");
        using var put = await stack.Api.PutAsync($"destinations/{Destination}", config, cancel);
        await ThrowIfRefusedAsync("destination.json", put, cancel);
        using var activate = await stack.Api.PostAsync($"destinations/{Destination}/activate", null, cancel);
        await ThrowIfRefusedAsync("destination.json", activate, cancel);
    }

    /// <returns>The message id of each row.</returns>
    private static async Task<IReadOnlyList<string>> SendAsync(LocalStack stack, AgencyFolder folder, CancellationToken cancel)
    {
        using var rows = new ByteArrayContent(folder.Rows) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var answer = await stack.Api.PostAsync($"destinations/{Destination}/records", rows, cancel);
        await ThrowIfRefusedAsync("time-entries.csv", answer, cancel);
        var accepted = await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        return [.. accepted.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
    }

    /// <returns>The number of rows that are not settled after twice the ideal time plus one minute.</returns>
    private static async Task<int> WaitAsync(string what, LocalStack stack, IReadOnlyList<string> ids, ConcurrentDictionary<string, bool> settled, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        var limit = TimeSpan.FromSeconds((2.0 * ids.Count / stack.Options.Permits) + 60);
        await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async context =>
        {
            var task = context.AddTask(what, maxValue: ids.Count);
            while (task.Value < ids.Count && clock.Elapsed < limit)
            {
                await Task.Delay(500, cancel);
                // A row that is quarantined without a call has no event.
                foreach (var entry in await QuarantineAsync(stack, cancel)) settled[SettledRows.OfQuarantine(entry)] = true;
                task.Value = ids.Count(settled.ContainsKey);
            }
        });
        return ids.Count(id => !settled.ContainsKey(id));
    }

    private static async Task<List<JsonElement>> QuarantineAsync(LocalStack stack, CancellationToken cancel)
    {
        const int PageSize = 1000;
        var entries = new List<JsonElement>();
        for (var offset = 0; ; offset += PageSize)
        {
            var page = await stack.Api.GetFromJsonAsync<JsonElement>($"quarantine/{Destination}?limit={PageSize}&offset={offset}", cancel);
            entries.AddRange(page.EnumerateArray());
            if (page.GetArrayLength() < PageSize) return entries;
        }
    }

    private static async Task ThrowIfRefusedAsync(string file, HttpResponseMessage answer, CancellationToken cancel)
    {
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{file} was refused with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
    }

    /// <summary>Number of calls so far.</summary>
    private readonly record struct Traffic(int Calls, int Lookups, int Writes)
    {
        public static Traffic Of(LocalStack stack)
        {
            var calls = stack.Simulator!.Ledger.Calls;
            return new Traffic(calls.Count, calls.Count(call => call.IsLookup), calls.Count(call => call.EffectApplied));
        }
    }
}
