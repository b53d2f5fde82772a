using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Runs of destinations that synchronize. A run is one complete load of a source.</summary>
internal sealed class RunsApi(DestinationStore store, LinkStore links, Queues queues, TimeProvider time)
{
    /// <summary>Returns a name for a new run. The first record that names the run opens it.</summary>
    public static string NewName(TimeProvider time) => $"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}-{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..4]}";

    public async Task<IResult> OpenAsync(string id, CancellationToken cancel) =>
        await WhyNoneAsync(id, null, cancel) ?? Results.Json(new RunView(NewName(time), StateName(RunState.Open), 0, 0, null, null, null), ApiJson.Web.RunView, statusCode: 201);

    public async Task<IResult> ListAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        if (await WhyNoneAsync(id, null, cancel) is { } refusal) return refusal;
        var query = new Query(request.Query);
        var page = Page.Read(query);
        if (query.Refusal is { } wrong) return wrong;
        var credential = (await store.FindAsync(id, cancel))!.Config.Credential!;
        var shown = page.Of([.. (await links.RunsAsync(credential, id, cancel)).OrderByDescending(run => run.Value).Select(run => run.Key)], request.HttpContext.Response);
        var views = new List<RunView>();
        foreach (var name in shown) views.Add(await ReadAsync(credential, id, name, cancel));
        return Results.Json<IReadOnlyList<RunView>>(views, ApiJson.Web.IReadOnlyListRunView);
    }

    public async Task<IResult> GetAsync(string id, string run, CancellationToken cancel) =>
        await WhyNoneAsync(id, run, cancel) ?? Results.Json(await ReadAsync((await store.FindAsync(id, cancel))!.Config.Credential!, id, run, cancel), ApiJson.Web.RunView);

    /// <summary>Sets the number of records of the run. After all of them are settled, objects that the run does not name vanish.</summary>
    public Task<IResult> CompleteAsync(string id, string run, HttpRequest request, CancellationToken cancel) => EndAsync(id, run, RecordOperation.Complete, "records", request, cancel);

    /// <summary>Approves exactly the number of vanishing objects that a blocked run shows.</summary>
    public Task<IResult> ApproveAsync(string id, string run, HttpRequest request, CancellationToken cancel) => EndAsync(id, run, RecordOperation.Approve, "vanished", request, cancel);

    /// <summary>The message that completes a run or approves its vanishing objects. It is sent through the queue, behind the records of the run.</summary>
    public static ServiceBusMessage EndOf(string destination, string run, RecordOperation operation, string member, int number) => new($"{{\"{member}\":{number.ToString(CultureInfo.InvariantCulture)}}}")
    {
        MessageId = Guid.NewGuid().ToString(),
        ContentType = "application/json",
        ApplicationProperties = { [MessageIngest.DestinationProperty] = destination, [RunProperties.Run] = run, [RunProperties.Operation] = operation == RecordOperation.Complete ? "complete" : "approve" },
    };

    private async Task<IResult> EndAsync(string id, string run, RecordOperation operation, string member, HttpRequest request, CancellationToken cancel)
    {
        if (await WhyNoneAsync(id, run, cancel) is { } none) return none;
        var remedy = $"Send {{\"{member}\": 12}}.";
        var (end, refusal) = await Body.ReadAsync(request, ApiJson.Web.RunEnd, remedy, cancel);
        if (refusal is not null) return refusal;
        var (number, other) = operation == RecordOperation.Complete ? (end!.Records, end.Vanished) : (end!.Vanished, end.Records);
        if (number is not >= 0 || other is not null) return Problems.Answer(400, "The body is not valid.", remedy, [new Problem($"$.{member}", "must be given alone, as a number of at least 0.")]);
        await queues.Records.SendAsync(EndOf(id, run, operation, member, number.Value), cancel);
        return Results.Json(await ReadAsync((await store.FindAsync(id, cancel))!.Config.Credential!, id, run, cancel), ApiJson.Web.RunView, statusCode: 202);
    }

    private async Task<IResult?> WhyNoneAsync(string id, string? run, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { } stored) return Problems.NoDestination(id);
        if (stored.Config.Sync is null) return Problems.Answer(409, $"Destination '{id}' does not synchronize.", "Only destinations with sync have runs.");
        return run is null || RunProperties.IsValidName(run) ? null : Problems.Answer(400, $"'{run}' is not a name of a run.", $"Use {RunProperties.NameRule}.");
    }

    private async Task<RunView> ReadAsync(string credential, string destination, string name, CancellationToken cancel)
    {
        var run = links.Run(credential, destination, name);
        await run.OpenAsync(cancel);
        return new RunView(name, StateName(run.State), run.Records, run.Keys, run.Expected, run.Vanished, run.ChangedAt);
    }

    private static string StateName(RunState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());
}

/// <param name="State"><c>open</c>, <c>done</c>, <c>blocked</c>, <c>incomplete</c> or <c>empty</c>.</param>
/// <param name="Records">Number of records received so far.</param>
/// <param name="Keys">Number of different keys of these records.</param>
/// <param name="Expected">The declared number of records of the run; null if it is not completed yet.</param>
/// <param name="Vanished">Number of objects that vanish or would vanish in the run; null if not known yet.</param>
internal sealed record RunView(string Run, string State, int Records, int Keys, int? Expected, int? Vanished, DateTimeOffset? ChangedAt);

internal sealed record RunEnd(int? Records = null, int? Vanished = null);
