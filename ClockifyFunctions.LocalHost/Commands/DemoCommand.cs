using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using Spectre.Console;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Sends records through the whole stack, shows progress, and prints a summary of what the simulator received.</summary>
internal static class DemoCommand
{
    private const string Destination = "demo";

    public static async Task<int> RunAsync(CommandLine line, CancellationToken cancel)
    {
        var records = SampleRecords.Read(line.Records);
        await using var stack = await StartCommand.StartStackAsync(line, LocalPorts.From(0), cancel);
        await StartCommand.CreateDestinationAsync(stack, Destination, line.Workspace ?? stack.Options.Simulator.WorkspaceId, cancel);
        await using var client = await BusClient.ConnectAsync(stack.Bus.Port);
        var events = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        client.Subscribe(LocalStack.Responses, text =>
        {
            using var json = JsonDocument.Parse(text);
            events[json.RootElement.GetProperty("id").GetString()!] = json.RootElement.GetProperty("data").GetProperty("outcome").GetString()!;
        });

        var clock = Stopwatch.StartNew();
        await client.SendAsync(LocalStack.Records, records, Destination);
        // A run that takes longer than twice the ideal time plus one minute has failed. The summary then shows what is missing.
        var limit = TimeSpan.FromSeconds((2.0 * records.Count / stack.Options.Permits) + 60);
        await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("starting", maxValue: records.Count);
                while (events.Count < records.Count && clock.Elapsed < limit)
                {
                    await Task.Delay(250, cancel);
                    task.Value = events.Count;
                    task.Description = string.Create(CultureInfo.InvariantCulture,
                        $"{events.Count}/{records.Count} records, {CallsPerSecond(stack) ?? events.Count / clock.Elapsed.TotalSeconds:0.00} calls/s, {stack.Simulator?.Ledger.Responses429 ?? 0} x 429, backlog {records.Count - events.Count}");
                }
            });

        var summary = await SummariseAsync(stack, records, events.Values, clock.Elapsed, cancel);
        Print(summary);
        if (line.JsonFile is { } file) await File.WriteAllTextAsync(file, JsonSerializer.Serialize(summary, Summary.Json), cancel);
        return summary.IsPerfect ? 0 : 1;
    }

    private static async Task<Summary> SummariseAsync(LocalStack stack, IReadOnlyList<string> records, ICollection<string> outcomes, TimeSpan elapsed, CancellationToken cancel)
    {
        var delivered = outcomes.Count(outcome => outcome == "delivered");
        var status = await stack.Api.GetFromJsonAsync<JsonElement>("health/ready", cancel);
        var transactions = status.GetProperty("storageTransactions").GetInt64();
        var permitted = (double)stack.Options.Permits;
        if (stack.Simulator?.Ledger is not { } ledger)
        {
            var rate = outcomes.Count / elapsed.TotalSeconds;
            return new Summary(records.Count, delivered, outcomes.Count - delivered, records.Count - outcomes.Count, 0, 0, 0, rate, permitted, rate / permitted, transactions / (double)Math.Max(1, outcomes.Count), outcomes.Count, elapsed.TotalSeconds);
        }

        var (lost, duplicates) = Summary.Compare(records, ledger.CreatedTimeEntries);
        var calls = CallsPerSecond(stack)!.Value;
        return new Summary(
            records.Count, delivered, outcomes.Count - delivered, lost, duplicates, ledger.Responses429, ledger.WindowsAboveLimit(Seed.AdaKey, stack.Options.Permits, TimeSpan.FromSeconds(1)),
            calls, permitted, calls / permitted, transactions / (double)Math.Max(1, ledger.Calls.Count), outcomes.Count, elapsed.TotalSeconds);
    }

    private static double? CallsPerSecond(LocalStack stack) =>
        stack.Simulator?.Ledger.Utilisation(Seed.AdaKey, 1, TimeSpan.FromSeconds(1));

    private static void Print(Summary summary)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Demo").AddColumn(new TableColumn("").RightAligned()).HideHeaders();
        void Row(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
        Row("Records sent to the queue", $"{summary.Records}");
        Row("Delivered", $"{summary.Delivered}");
        Row("Quarantined", $"{summary.Quarantined}");
        Row("Lost (at the API)", $"{summary.Lost}");
        Row("Duplicates (at the API)", $"{summary.Duplicates}");
        Row("429 answers", $"{summary.Responses429}");
        Row("Windows above the limit", $"{summary.WindowsAboveLimit}");
        Row("Calls per second", $"{summary.CallsPerSecond:0.00} of {summary.PermittedPerSecond:0} permitted ({100 * summary.Utilisation:0.0} %)");
        Row("Storage transactions per call", $"{summary.StorageTransactionsPerCall:0.000}");
        Row("Response events received", $"{summary.ResponseEvents}");
        Row("Elapsed", $"{summary.ElapsedSeconds:0.0} s");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(summary.IsPerfect ? "[green]Every record arrived exactly once, and no call was refused.[/]" : "[red]Not every record arrived exactly once, or a call was refused.[/]");
    }
}
