using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.Sending;
using ClockifyFunctions.SimulationTests.World;

namespace ClockifyFunctions.SimulationTests.Delivery;

/// <summary>A call may have taken effect although its response is missing. The app reads from the API whether it did before it sends anything again.</summary>
public sealed class LostAnswerTests
{
    private const string Slow = """{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"slow"}""";

    [Theory]
    [InlineData(nameof(Fault.DropAfterApplying))]
    [InlineData(nameof(Fault.DropBeforeApplying))]
    [InlineData(nameof(Fault.ApplyThenAnswer))]
    [InlineData(nameof(Fault.Answer))]
    public async Task ACreateWithALostAnswerIsVerifiedBeforeItIsRepeated(string fault)
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("8");
        world.Faults.Next(request => request.Method == "POST", fault switch
        {
            nameof(Fault.DropAfterApplying) => Fault.DropAfterApplying,
            nameof(Fault.DropBeforeApplying) => Fault.DropBeforeApplying,
            nameof(Fault.ApplyThenAnswer) => Fault.ApplyThenAnswer(500),
            _ => Fault.Answer(502),
        });
        world.Send("entries", records);
        await world.EventsAsync(8);
        world.AssertExactlyOnce(records);
        Assert.Contains(world.Ledger.Calls, call => call.Method == "GET" && call.Path.EndsWith("/time-entries", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("createProject", """{"name":"Harbour","clientId":"66f1a0c2b7d14e3a9c5d0c01"}""")]
    [InlineData("createTask", """{"name":"Dredging"}""")]
    [InlineData("createClient", """{"name":"Port & Co"}""")]
    [InlineData("createTag", """{"name":"night shift"}""")]
    public async Task ALostCreateOfANamedObjectIsFoundByItsName(string endpoint, string record)
    {
        await using var world = await TestWorld.StartAsync();
        await DestinationAsync(world, "named", endpoint, endpoint == "createTask" ? $@",""projectId"":""{Seed.WebsiteProjectId}""" : "");
        world.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        world.Send("named", record);
        await world.EventsAsync(1);

        var data = Assert.Single(world.Events).GetProperty("data");
        Assert.Equal(("delivered", true), (data.GetProperty("outcome").GetString(), data.GetProperty("verified").GetBoolean()));
        Assert.Equal(1, world.Ledger.Count(call => call.Method == "POST"));
    }

    [Fact]
    public async Task ACreateThatTakesEffectAfterItsTimeoutIsNotRepeated()
    {
        await using var world = await TestWorld.StartAsync();
        world.Faults.Next(request => request.Method == "POST", Fault.DropThenApply(TimeSpan.FromSeconds(4)));
        world.Send("entries", Slow);
        await world.EventsAsync(1);
        Assert.True(Assert.Single(world.Events).GetProperty("data").GetProperty("verified").GetBoolean());
        Assert.Equal(1, world.Ledger.Count(call => call.Method == "POST"));
    }

    [Fact]
    public async Task ACreateThatTakesEffectDuringTheNextDrainIsNotRepeated()
    {
        await using var world = await TestWorld.StartAsync(new() { Simulator = new() { RetryAfterOn429 = TimeSpan.FromSeconds(10) } });
        // The call is throttled first, so its journal line is old when the call times out.
        world.Faults.Next(request => request.Method == "POST", Fault.TooManyRequests);
        world.Faults.Next(request => request.Method == "POST", Fault.DropThenApply(TimeSpan.FromSeconds(8)));
        world.Send("entries", Slow);
        await world.UntilAsync("the call was sent", () => world.Faults.Pending == 0);
        await CheckAsync(world);
        await world.EventsAsync(1);
        Assert.Equal(2, world.Ledger.Count(call => call.Method == "POST")); // The throttled call and the call that timed out.
        Assert.Single(world.Ledger.CreatedTimeEntries);
    }

    [Fact]
    public async Task ALostEntryIsFoundAmongMoreEqualDescriptionsThanOnePageHas()
    {
        await using var world = await TestWorld.StartAsync(new() { Simulator = new() { AddonWindows = [] } });
        var records = Enumerable.Range(0, 230).Select(number => $$"""{"start":"2026-11-02T{{number / 60:00}}:{{number % 60:00}}:00Z","end":"2026-11-02T23:59:00Z","description":"stand-up"}""").ToArray();
        foreach (var record in records[..229]) await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/time-entries", record);

        world.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        world.Send("entries", records[229]);
        await world.EventsAsync(1);
        Assert.True(Assert.Single(world.Events).GetProperty("data").GetProperty("verified").GetBoolean());
        Assert.Equal(230, world.Ledger.CreatedTimeEntries.Count);
    }

    [Theory]
    [InlineData(200, "clockify.call.delivered")] // Not a list of entries: the app asks again.
    [InlineData(400, "clockify.call.unknown")] // A repeated request would get the same response.
    public async Task AFailedVerificationDoesNotDecideTheOutcome(int status, string type)
    {
        await using var world = await TestWorld.StartAsync();
        await DestinationAsync(world, "named", "createTag");
        world.Faults.Next(request => request.Method == "POST", Fault.DropAfterApplying);
        world.Faults.Next(request => request.Method == "GET", Fault.Answer(status));
        world.Send("named", """{"name":"night shift"}""");
        await world.EventsAsync(1);
        Assert.Equal(type, Assert.Single(world.Events).GetProperty("type").GetString());
        Assert.Equal(1, world.Ledger.Count(call => call.Method == "POST"));
    }

    [Fact]
    public async Task AnErrorOfTheApiIsVerifiedAtOnce()
    {
        await using var world = await TestWorld.StartAsync();
        var records = SampleRecords.Read("3");
        world.Faults.Next(request => request.Method == "POST", Fault.Answer(500));
        world.Send("entries", records);
        await world.EventsAsync(3);
        world.AssertExactlyOnce(records);
        Assert.Equal(1, world.Ledger.Count(call => call.Method == "GET" && call.Path.EndsWith("/time-entries", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task CreatesThatVerificationCannotDistinguishAreSentOneAfterTheOther()
    {
        var latency = TimeSpan.FromSeconds(1);
        await using var world = await TestWorld.StartAsync(new() { Simulator = new() { FaultPlan = new FaultPlan(new Random(1)) { MinimumLatency = latency, MaximumLatency = latency } } });
        var twin = """{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"stand-up"}""";
        string[] records = [twin, """{"start":"2026-11-02T09:00:00Z","end":"2026-11-02T23:59:00Z","description":"review"}""", twin];
        world.Send("entries", records);
        await world.EventsAsync(records.Length);
        Assert.Equal(2, world.Ledger.CreatedTimeEntries.Count(entry => entry.Description == "stand-up"));
        // The last call is sent after the first one, which is equal, is answered.
        var calls = world.Ledger.CallsOf(Seed.AdaKey).Where(call => call.Method == "POST").ToArray();
        Assert.True(world.Clock.GetElapsedTime(calls[0].Timestamp, calls[^1].Timestamp) >= latency);
    }

    [Theory]
    [InlineData(true, "clockify.call.unknown")]
    [InlineData(false, "clockify.call.rejected")]
    public async Task A404ToAStopTimerCallIsUnknownIfAnEarlierCallMayHaveStoppedTheTimerOtherwiseRejected(bool wasRunning, string type)
    {
        await using var world = await StartWithStopsAsync(wasRunning);
        if (wasRunning) world.Faults.Next(request => request.Method == "PATCH", Fault.ApplyThenAnswer(502));
        world.Send("stops", """{"end":"2026-11-02T10:00:00Z"}""");
        await world.EventsAsync(1);
        var data = Assert.Single(world.Events);
        Assert.Equal((type, 404), (data.GetProperty("type").GetString(), data.GetProperty("data").GetProperty("response").GetProperty("status").GetInt32()));
        Assert.Single(world.Quarantine("stops"));
    }

    [Fact]
    public async Task TheNextDrainKnowsThatAStopTimerMayHaveTakenEffect()
    {
        await using var world = await StartWithStopsAsync(isRunning: true);
        world.Faults.Next(request => request.Method == "PATCH", Fault.ApplyThenAnswer(502));
        for (var more = 0; more < 3; more++) world.Faults.Next(request => request.Method == "PATCH", Fault.Answer(502));
        world.Send("stops", """{"end":"2026-11-02T10:00:00Z"}""");
        await world.UntilAsync("the call was sent", () => world.Faults.Pending < 4);
        await CheckAsync(world);
        await world.EventsAsync(1, TimeSpan.FromHours(2));
        Assert.Equal("clockify.call.unknown", Assert.Single(world.Events).GetProperty("type").GetString());
    }

    [Fact]
    public async Task FailedLaterCallsDoNotProveThatTheFirstOneFailed()
    {
        await using var world = await StartWithStopsAsync(isRunning: true);
        world.Faults.Next(request => request.Method == "PATCH", Fault.DropAfterApplying);
        world.Send("stops", """{"end":"2026-11-02T10:00:00Z"}""");
        await world.UntilAsync("the call was sent", () => world.Faults.Pending == 0);
        world.Api.IsDown = true;
        await world.PassAsync(TimeSpan.FromMinutes(2));
        world.Api.IsDown = false;
        await world.EventsAsync(1, TimeSpan.FromHours(1));
        Assert.Equal("clockify.call.unknown", Assert.Single(world.Events).GetProperty("type").GetString());
    }

    private static async Task<TestWorld> StartWithStopsAsync(bool isRunning)
    {
        var world = await TestWorld.StartAsync();
        // The add-on token acts for the owner of the credential.
        if (isRunning) await world.CallAsync(HttpMethod.Post, $"/workspaces/{Seed.WorkspaceId}/time-entries", """{"start":"2026-11-02T09:00:00Z"}""");
        await DestinationAsync(world, "stops", "stopTimer", $@",""userId"":""{Seed.AdaUserId}""");
        return world;
    }

    /// <summary>Makes the running drain release the gate.</summary>
    private static async Task CheckAsync(TestWorld world)
    {
        var check = await world.DoneAsync("the key is checked", world.App.Get<InteractiveCalls>().CheckAsync(world.Credential, CancellationToken.None));
        Assert.True(check.Ok, check.Message);
    }

    private static Task DestinationAsync(TestWorld world, string id, string endpoint, string moreInputs = "") =>
        world.DestinationAsync(id, $$"""{"credential":"default","endpoint":"{{endpoint}}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"{{moreInputs}}} }""");
}
