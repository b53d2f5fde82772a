using System.Text.Json;
using ClockifyFunctions.Benchmarks.Chaos;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>
/// Everything fails at random times: instances are killed, storage hangs or loses answers, the broker is unavailable, and the API answers with errors
/// or not at all. The records and the checks are those of the chaos bench, which uses real processes.
/// </summary>
public sealed class ChaosTests
{
    private const int Records = 300;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1), ComesBack = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task UnderRandomFaultsEachRecordTakesEffectOnceAndInOrder(int seed)
    {
        var settings = new Dictionary<string, string>();
        foreach (var (name, key) in ChaosWork.MoreCredentials)
        {
            settings[$"Credentials__{name}__ApiKey"] = key;
            settings[$"Credentials__{name}__BaseUrl"] = $"https://{TestWorld.ApiHost}/api/v1";
        }

        await using var world = await TestWorld.StartAsync(new() { Instances = 2, Settings = settings, Simulator = new() { AddonWindows = [], KeepBodies = true } });
        var work = new ChaosWork(Records);
        await PrepareAsync(world, work);
        world.Faults.Follow(ChaosMonkey.Faults(seed));
        var random = new Random(seed);
        foreach (var (destination, body) in work.Messages(random)) world.Send(destination, body);

        var over = new CancellationTokenSource();
        Task[] trouble =
        [
            EveryAsync(12, async () =>
            {
                world.App.Kill();
                await Task.Delay(ComesBack, world.Clock);
                world.StartInstance();
            }),
            EveryAsync(9, async () =>
            {
                world.Storage.Fault = random.Next(2) == 0 ? StorageFault.Hangs : StorageFault.Refused;
                await Task.Delay(ComesBack, world.Clock);
                world.Storage.Fault = StorageFault.None;
            }),
            EveryAsync(2, () =>
            {
                if (world.Storage.Pending == 0) world.Storage.Next(request => !request.StartsWith("GET", StringComparison.Ordinal), StorageFault.LostAnswer);
                return Task.CompletedTask;
            }),
            EveryAsync(7, async () =>
            {
                world.Bus.IsUnavailable = true;
                await Task.Delay(ComesBack, world.Clock);
                world.Bus.IsUnavailable = false;
            }),
        ];
        await world.UntilAsync("every record has an event", () => world.Events.SelectMany(ChaosWork.RecordsIn).Distinct().Count() >= work.Records, Day);
        await over.CancelAsync();
        await world.DoneAsync("all faults have ended", Task.WhenAll(trouble));

        Assert.Equal((0, 0, 0), work.Judge(world.Ledger));
        foreach (var key in new[] { Seed.AdaKey, ChaosWork.Key2, ChaosWork.Key3 }) Assert.Equal(0, world.Ledger.WindowsAboveLimit(key, 10, TimeSpan.FromSeconds(1)));

        // At random times with the given mean interval.
        async Task EveryAsync(double seconds, Func<Task> fail)
        {
            while (true)
            {
                double factor;
                lock (random) factor = 0.5 + random.NextDouble();
                await Task.Delay(TimeSpan.FromSeconds(seconds * factor), world.Clock, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (over.IsCancellationRequested) return;
                await fail();
            }
        }
    }

    private static async Task PrepareAsync(TestWorld world, ChaosWork work)
    {
        foreach (var (name, key) in ChaosWork.MoreCredentials) world.Simulator.AddKey(new SimulatedKey(key, $"{name,-24}".Replace(' ', '0'), name, $"{name}@example.com", Role.Admin, [Seed.WorkspaceId]));
        for (var number = 0; number < work.Objects; number++) work.UpdatedIds.Add(await CreateAsync("time-entries", $$"""{"start":"2026-11-02T08:00:00Z","description":"object {{number}}"}"""));
        for (var number = 0; number < work.Deletes; number++) work.DeletedIds.Add(await CreateAsync("tags", $$"""{"name":"to be deleted {{number}}"}"""));
        await DestinationAsync("updates", TestWorld.CredentialName, "updateTimeEntry");
        await DestinationAsync("entries-2", "key2", "createTimeEntry");
        await DestinationAsync("deletes", "key2", "deleteTag");
        await DestinationAsync("tags", "key3", "createTag");
        await world.DestinationAsync("upserts", ChaosWork.UpsertConfig);

        async Task<string> CreateAsync(string what, string body)
        {
            var created = await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/{what}", body);
            return JsonDocument.Parse(created).RootElement.GetProperty("id").GetString()!;
        }

        Task DestinationAsync(string id, string credential, string endpoint) =>
            world.DestinationAsync(id, $$"""{"credential":"{{credential}}","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"} }""");
    }
}
