using System.Text.Json;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>Helper methods for tests of synchronization in a <see cref="TestWorld"/>.</summary>
internal static class SyncWorld
{
    public const string Id = "crm";

    /// <param name="members">Additional members of the config, each preceded by a comma.</param>
    public static Task SyncAsync(this TestWorld world, string what, string members = "", string id = Id, string key = "{record.key}") => world.DestinationAsync(
        id, $$"""{"credential":"default","sync":"{{what}}","key":"{{key}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"}{{members}}}""");

    /// <summary>Sends records of a run, or a message that completes or approves it.</summary>
    public static void SendRun(this TestWorld world, string? run, IEnumerable<string> records, string? operation = null, string id = Id)
    {
        foreach (var record in records)
        {
            var message = new Message { Properties = new Properties { MessageId = Guid.NewGuid().ToString() }, BodySection = new Data { Binary = System.Text.Encoding.UTF8.GetBytes(record) }, ApplicationProperties = new ApplicationProperties { ["destination"] = id } };
            if (run is not null) message.ApplicationProperties["run"] = run;
            if (operation is not null) message.ApplicationProperties["operation"] = operation;
            world.Bus.Records.Send(message);
        }
    }

    public static void Complete(this TestWorld world, string run, int records, string id = Id) => world.SendRun(run, [$$"""{"records":{{records}}}"""], "complete", id);

    public static IEnumerable<string> Tags(int from, int count, string suffix = "") => Enumerable.Range(from, count).Select(number => $$"""{"key":"k{{number}}","name":"Tag {{number}}{{suffix}}"}""");

    /// <summary>The changes so far, with the names of the events. Unchanged records are reported together.</summary>
    public static IReadOnlyDictionary<string, int> Changes(this TestWorld world) => world.Events.SelectMany(ChangesIn).CountBy(change => change).ToDictionary();

    public static int Change(this TestWorld world, string change) => world.Changes().GetValueOrDefault(change);

    public static Task ChangesAsync(this TestWorld world, string change, int count, TimeSpan? within = null) => world.UntilAsync($"{count} {change}", () => world.Change(change) >= count, within);

    public static Task SettledAsync(this TestWorld world, string id = Id) =>
        world.UntilAsync("everything is settled", () => world.Waiting(id) == 0 && world.Bus.Records.Counts is { Active: 0, Locked: 0, Scheduled: 0 } && world.Bus.Drain.Counts is { Active: 0, Locked: 0 }, TimeSpan.FromHours(3));

    public static IReadOnlyList<LedgerCall> Writes(this TestWorld world) => [.. world.Ledger.Calls.Where(call => call.Method != "GET")];

    public static IReadOnlyDictionary<string, Tag> Tags(this TestWorld world) => world.Workspace().Tags.Values.Where(tag => tag.Name.StartsWith("Tag ", StringComparison.Ordinal)).ToDictionary(tag => tag.Name);

    public static Workspace Workspace(this TestWorld world) => world.Simulator.World.Workspace(Seed.WorkspaceId);

    public static async Task<RunState> RunAsync(this TestWorld world, string run, string id = Id)
    {
        var read = world.Observe<LinkStore>().Run(TestWorld.CredentialName, id, run);
        await read.OpenAsync(CancellationToken.None);
        return read.State;
    }

    /// <summary>The links are lost, and no instance remembers them.</summary>
    public static async Task DeleteLinksAsync(this TestWorld world)
    {
        await world.SettledAsync();
        await world.PassAsync(TimeSpan.FromMinutes(16));
        var container = world.Observe<BlobAccount>().Links;
        await foreach (var blob in container.GetBlobsAsync()) await container.GetBlobClient(blob.Name).DeleteAsync();
    }

    private static IEnumerable<string> ChangesIn(JsonElement response)
    {
        var data = response.GetProperty("data");
        if (response.GetProperty("type").GetString() == "clockify.records.unchanged") return data.GetProperty("unchanged").EnumerateArray().Select(_ => "unchanged");
        return data.TryGetProperty("change", out var change) && data.GetProperty("outcome").GetString() == "delivered" ? [change.GetString()!] : [];
    }
}
