using System.Text;
using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>Requests to the API of a <see cref="TestWorld"/> for destinations that synchronize.</summary>
internal static class SyncRequests
{
    public static IEnumerable<string> Projects(int from, int count) => Enumerable.Range(from, count).Select(number => $$"""{"key":"k{{number}}","name":"Project {{number}}"}""");

    /// <summary>A world with ten projects that records have created.</summary>
    public static async Task<TestWorld> WithProjectsAsync(string members)
    {
        var world = await TestWorld.StartAsync();
        await world.SyncAsync("projects", members);
        world.SendTogether(SyncWorld.Id, Projects(0, 10));
        await world.ChangesAsync("created", 10);
        await world.SettledAsync();
        return world;
    }

    public static async Task<JsonElement> PlanAsync(this TestWorld world, IEnumerable<string> records, string query)
    {
        var context = Context(records, query);
        var (status, answer) = await AnswerAsync(world, context, world.App.Get<SyncApi>().PlanAsync(SyncWorld.Id, context.Request, CancellationToken.None));
        Assert.True(status == 200, answer);
        ApiDescription.AssertDescribes("planRecords", 200, [], "application/json", answer);
        return JsonDocument.Parse(answer).RootElement;
    }

    public static Task<(int Status, string Answer)> PostAsync(this TestWorld world, IEnumerable<string> records, string query, string? key = null)
    {
        var context = Context(records, query);
        if (key is not null) context.Request.Headers["Idempotency-Key"] = key;
        return AnswerAsync(world, context, world.App.Get<RecordsApi>().SendAsync(SyncWorld.Id, context.Request, CancellationToken.None));
    }

    public static Task<(int Status, string Answer)> RelinkAsync(this TestWorld world, IEnumerable<string> records)
    {
        var context = Context(records, "");
        return AnswerAsync(world, context, world.App.Get<SyncApi>().RelinkAsync(SyncWorld.Id, context.Request, CancellationToken.None));
    }

    public static Task<(int Status, string Answer)> ResyncAsync(this TestWorld world) => AnswerAsync(world, Context([], ""), world.App.Get<SyncApi>().ResyncAsync(SyncWorld.Id, CancellationToken.None));

    private static DefaultHttpContext Context(IEnumerable<string> records, string query)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/x-ndjson";
        context.Request.QueryString = new QueryString(query);
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', records)));
        return context;
    }

    private static async Task<(int Status, string Answer)> AnswerAsync(TestWorld world, DefaultHttpContext context, Task<IResult> asked)
    {
        var answer = await world.DoneAsync("the request is answered", asked);
        var status = Assert.IsAssignableFrom<IStatusCodeHttpResult>(answer).StatusCode ?? 200;
        using var body = new MemoryStream();
        context.Response.Body = body;
        context.RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider();
        await answer.ExecuteAsync(context);
        return (status, Encoding.UTF8.GetString(body.ToArray()));
    }
}
