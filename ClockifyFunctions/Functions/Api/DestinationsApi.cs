using System.Text;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Functions.IngestRecords;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Functions.Api;

/// <summary>The HTTP API. The host checks the function key before it forwards a request.</summary>
internal static class DestinationsApi
{
    public static void MapDestinationsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api");
        api.MapGet("/destinations", ListAsync);
        api.MapGet("/destinations/{id}", GetAsync);
        api.MapPut("/destinations/{id}", PutAsync);
        api.MapPost("/destinations/{id}/activate", (string id, DestinationStore store, DrainTickets tickets, CancellationToken cancel) => SetStateAsync(id, DestinationState.Active, store, tickets, cancel));
        api.MapPost("/destinations/{id}/pause", (string id, DestinationStore store, DrainTickets tickets, CancellationToken cancel) => SetStateAsync(id, DestinationState.Paused, store, tickets, cancel));
        api.MapPost("/destinations/{id}/records", SendRecordsAsync);
        api.MapGet("/destinations/{id}/status", StatusAsync);
        api.MapQuarantineApi();
        api.MapPost("/credentials/{name}/resume", ResumeAsync);
        api.MapGet("/schema/destination", () => Results.Text(DestinationSchema.Text, "application/schema+json"));
        api.MapGet("/health/live", () => Results.Text(Invocation.Answer, "application/json"));
        api.MapGet("/health/ready", ReadyAsync);
    }

    private static async Task<IResult> ListAsync(DestinationStore store, CancellationToken cancel)
    {
        var views = new List<DestinationView>();
        foreach (var id in await store.ListAsync(cancel))
            if (await store.FindAsync(id, cancel) is { } stored) views.Add(View(stored));
        return Results.Json(views, AppJson.Web.IReadOnlyListDestinationView);
    }

    private static async Task<IResult> GetAsync(string id, DestinationStore store, HttpResponse response, CancellationToken cancel)
    {
        if (!Names.IsValid(id) || await store.ReadAsync(id, cancel) is not { } found) return NotFound(id);
        response.Headers.ETag = found.ETag.ToString("H");
        return Results.Json(View(found.Stored), AppJson.Web.DestinationView);
    }

    /// <summary>Creates (paused) or replaces. With <c>If-Match</c> it replaces that version only.</summary>
    private static async Task<IResult> PutAsync(string id, HttpRequest request, HttpResponse response, DestinationStore store, AppSettings settings, CancellationToken cancel)
    {
        DestinationConfig? config;
        try
        {
            config = await JsonSerializer.DeserializeAsync(request.Body, AppJson.Web.DestinationConfig, cancel);
        }
        catch (JsonException malformed)
        {
            return Problem(400, "The body is not a destination config.", malformed.Message);
        }

        if (config is null) return Problem(400, "The body is null.", "Send a destination config.");
        if (!Destination.TryCreate(id, config, settings.Credentials, out _, out var problems))
            return Problem(400, $"The destination has {problems.Count} problem(s).", errors: problems);

        var current = await store.ReadAsync(id, cancel);
        if (request.Headers.IfMatch is [{ } expected] && expected != "*" && current?.ETag.ToString("H") != expected)
            return Problem(412, "The destination has changed.", "Read it again and apply your change to the new version.");
        if (current is { } old && old.Stored.Config.Credential != config.Credential)
            return Problem(409, "A destination keeps its credential.", "Its waiting records belong to that key. Create another destination instead.");
        var stored = new StoredDestination(id, current?.Stored.State ?? DestinationState.Paused, config);
        if (await store.WriteAsync(stored, current?.ETag, cancel) is not { } etag)
            return Problem(412, "Somebody else changed the destination at the same time.", "Read it again and apply your change to the new version.");
        response.Headers.ETag = etag.ToString("H");
        return Results.Json(View(stored), AppJson.Web.DestinationView, statusCode: current is null ? 201 : 200);
    }

    private static async Task<IResult> SetStateAsync(string id, DestinationState state, DestinationStore store, DrainTickets tickets, CancellationToken cancel)
    {
        while (true)
        {
            if (!Names.IsValid(id) || await store.ReadAsync(id, cancel) is not { } found) return NotFound(id);
            var changed = found.Stored with { State = state };
            if (await store.WriteAsync(changed, found.ETag, cancel) is null) continue; // Changed meanwhile: look again.
            if (state == DestinationState.Active) await tickets.SendAsync(found.Stored.Config.Credential!, cancel);
            return Results.Json(View(changed), AppJson.Web.DestinationView);
        }
    }

    /// <summary>One record (object) or many (array), through the same queue as everything else.</summary>
    private static async Task<IResult> SendRecordsAsync(string id, HttpRequest request, DestinationStore store, Queues queues, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is null) return NotFound(id);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        var message = new QueueMessage(body.ToArray(), null, 0, default, null, null);
        if (!RecordReader.TryRead(message, out var records, out var problem)) return Problem(400, "The records cannot be read.", problem);
        var ids = new List<string>();
        foreach (var record in records)
        {
            ids.Add(Guid.NewGuid().ToString());
            await queues.Records.SendAsync(
                new OutgoingMessage(ids[^1], Encoding.UTF8.GetBytes(record.Body.GetRawText()), "application/json") { Properties = [new(IngestRecordsFunction.DestinationProperty, id)] }, cancel);
        }

        return Results.Json(new AcceptedRecords(ids.Count, ids), AppJson.Web.AcceptedRecords, statusCode: 202);
    }

    private static async Task<IResult> StatusAsync(string id, DestinationStore store, Backlogs backlogs, GateKeeper keeper, AppSettings settings, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { } stored) return NotFound(id);
        var credential = stored.Config.Credential!;
        var backlog = (await backlogs.ListAsync(credential, cancel)).FirstOrDefault(backlog => backlog.Destination == id);
        var gate = settings.Credentials.TryGetValue(credential, out var known) ? await keeper.StatusAsync(known, cancel) : default;
        return Results.Json(
            new DestinationStatus(id, stored.State, credential, backlog?.WaitingBytes ?? 0, backlog?.Cursor.Delivered ?? 0, backlog?.Cursor.Quarantined ?? 0, gate.Holder, gate.Suspended),
            AppJson.Web.DestinationStatus);
    }

    private static async Task<IResult> ResumeAsync(string name, GateKeeper keeper, DrainTickets tickets, AppSettings settings, CancellationToken cancel)
    {
        if (!settings.Credentials.TryGetValue(name, out var credential)) return Problem(404, $"There is no credential '{name}'.", "Credentials are app settings: Credentials__{name}__ApiKey.");
        if (!await keeper.ResumeAsync(credential, cancel)) return Problem(409, "The gate is in use.", "The credential is not suspended at the moment.");
        await tickets.SendAsync(name, cancel);
        return Results.Text(Invocation.Answer, "application/json");
    }

    private static async Task<IResult> ReadyAsync(BlobAccount account, AppSettings settings, CancellationToken cancel)
    {
        await account.Destinations.ExistsAsync(cancel);
        return Results.Json(new AppStatus(true, account.Transactions, account.GateTransactions, [.. settings.Credentials.Values.Select(credential => credential.ToString())]), AppJson.Web.AppStatus);
    }

    private static DestinationView View(StoredDestination stored) => new(stored.Id, stored.State, stored.Config);

    private static IResult NotFound(string id) => Problem(404, $"There is no destination '{id}'.", "List them with GET /api/destinations.");

    private static IResult Problem(int status, string title, string? detail = null, IReadOnlyList<Problem>? errors = null) => Problems.Answer(status, title, detail, errors);
}
