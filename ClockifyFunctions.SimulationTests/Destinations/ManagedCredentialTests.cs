using System.Text;
using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.SimulationTests.World;
using Microsoft.AspNetCore.Http;

namespace ClockifyFunctions.SimulationTests.Destinations;

/// <summary>Credentials that people create and change while two instances of the app run.</summary>
public sealed class ManagedCredentialTests : IDisposable
{
    private const string Api = $"https://{TestWorld.ApiHost}/api/v1";

    private static readonly string Config = $$"""{"credential":"crm","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"} }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("credentials-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task ANewKeyEndsASuspensionOnEveryInstanceWithoutARestart()
    {
        await using var world = await StartAsync();
        await PutAsync(world, $$"""{"apiKey":"unknown","baseUrl":"{{Api}}"}""");
        await StoreDestinationAsync(world);
        var records = SampleRecords.Read("4");
        world.Send("crm", records);
        await world.UntilAsync("the key is refused", () => world.Ledger.Calls.Any(call => call.Status == 401));
        await world.PassAsync(TimeSpan.FromHours(1));
        var calls = world.Ledger.Calls.Count;
        await world.PassAsync(TimeSpan.FromHours(1));
        Assert.Equal(calls, world.Ledger.Calls.Count);

        await DoneAsync(world, http => world.App.Get<CredentialsApi>().RotateAsync("crm", http.Request, default), 200, $$"""{"apiKey":"{{Seed.BenKey}}"}""");
        await world.EventsAsync(4, within: TimeSpan.FromMinutes(2));
        world.AssertExactlyOnce(records);
    }

    [Fact]
    public async Task NewLimitsApplyWhileRecordsAreSent()
    {
        await using var world = await StartAsync();
        await PutAsync(world, $$"""{"apiKey":"{{Seed.BenKey}}","baseUrl":"{{Api}}"}""");
        await StoreDestinationAsync(world);
        world.Send("crm", SampleRecords.Read("1200"));
        await world.EventsAsync(100);
        await PutAsync(world, $$"""{"baseUrl":"{{Api}}","limits":["2/00:00:01"]}""");
        // Every instance reads the new limits within 30 seconds, and a running drain ends within five more.
        await world.PassAsync(TimeSpan.FromSeconds(40));
        var (before, started) = (world.Events.Count, world.Clock.GetUtcNow());
        await world.PassAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(world.Events.Count - before, 40, 2 * ((int)(world.Clock.GetUtcNow() - started).TotalSeconds + 2));
    }

    [Fact]
    public async Task ACredentialInUseIsNotDeletedAndItsDestinationsAreNamed()
    {
        await using var world = await StartAsync();
        await PutAsync(world, $$"""{"apiKey":"{{Seed.BenKey}}","baseUrl":"{{Api}}"}""");
        await StoreDestinationAsync(world);
        var refused = await DoneAsync(world, _ => world.App.Get<CredentialsApi>().DeleteAsync("crm", default), 409);
        Assert.Equal("Delete them first: crm.", refused.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task NoAnswerOfTheApiContainsTheKey()
    {
        await using var world = await StartAsync();
        var created = await PutAsync(world, $$"""{"apiKey":"{{Seed.BenKey}}","baseUrl":"{{Api}}"}""");
        var read = await DoneAsync(world, _ => world.App.Get<CredentialsApi>().GetAsync("crm", default), 200);
        var refused = await DoneAsync(world, http => world.App.Get<CredentialsApi>().RotateAsync("crm", http.Request, default), 400, $$"""{"apiKey":"{{Seed.BenKey}} with a space"}""");
        Assert.All([created, read, refused], answer => Assert.DoesNotContain(Seed.BenKey, answer.GetRawText(), StringComparison.Ordinal));
    }

    private Task<TestWorld> StartAsync() =>
        TestWorld.StartAsync(new() { Instances = 2, Settings = new Dictionary<string, string> { ["CredentialsFile"] = Path.Combine(_folder.FullName, "credentials.json") } });

    private static Task<JsonElement> PutAsync(TestWorld world, string body) => DoneAsync(world, http => world.App.Get<CredentialsApi>().PutAsync("crm", http.Request, default), null, body);

    private static async Task StoreDestinationAsync(TestWorld world)
    {
        await DoneAsync(world, http => world.App.Get<DestinationsApi>().PutAsync("crm", http.Request, default), 201, Config);
        await DoneAsync(world, _ => world.App.Get<DestinationsApi>().SetStateAsync("crm", DestinationState.Active, default), 200);
    }

    private static async Task<JsonElement> DoneAsync(TestWorld world, Func<HttpContext, Task<IResult>> handler, int? status, string body = "")
    {
        var context = new DefaultHttpContext { Request = { ContentType = "application/json", Body = new MemoryStream(Encoding.UTF8.GetBytes(body)) } };
        var answer = await world.DoneAsync("the request is answered", handler(context));
        if (status is { } expected) Assert.Equal(expected, Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode ?? 200);
        return answer is IValueHttpResult { Value: { } value } ? JsonSerializer.SerializeToElement(value, value.GetType(), ApiJson.Web) : default;
    }
}
