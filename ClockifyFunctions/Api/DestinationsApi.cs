using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Maintenance;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Templates;
using Microsoft.Net.Http.Headers;

namespace ClockifyFunctions.Api;

/// <summary>Destinations: list, read, create, change, activate, pause, copy, delete.</summary>
internal sealed class DestinationsApi(DestinationStore store, DestinationRemoval removal, Overview overview, DrainTickets tickets, CredentialStore credentials)
{
    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var page = Page.Read(query);
        if (query.Refusal is { } refusal) return refusal;
        return Results.Json<IReadOnlyList<DestinationView>>([.. page.Of(await store.AllAsync(cancel), request.HttpContext.Response).Select(View)], ApiJson.Web.IReadOnlyListDestinationView);
    }

    public static IResult ListTemplates(HttpRequest request)
    {
        var query = new Query(request.Query);
        var page = Page.Read(query);
        return query.Refusal ?? Results.Json(page.Of(TemplateView.All, request.HttpContext.Response), ApiJson.Web.IReadOnlyListTemplateView);
    }

    public async Task<IResult> GetAsync(string id, HttpResponse response, CancellationToken cancel)
    {
        if (!Names.IsValid(id) || await store.ReadAsync(id, cancel) is not { } found) return Problems.NoDestination(id);
        response.Headers.ETag = found.ETag.ToString("H");
        return Results.Json(View(found.Stored), ApiJson.Web.DestinationView);
    }

    /// <summary>Creates a paused destination, or replaces its config. With <c>If-Match</c> it replaces that version only, with <c>If-None-Match: *</c> it only creates.</summary>
    public async Task<IResult> PutAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        var response = request.HttpContext.Response;
        var (body, refusal) = await Body.JsonAsync(request, cancel);
        if (refusal is not null) return refusal;
        if (InlineId(id) is { } reserved) return reserved;
        if (!ConfigText.TryRead(body, out var config, out var problem)) return Problems.Answer(400, "The body is not a destination config.", $"It {problem}");
        if (!Destination.TryCreate(id, config, (await credentials.GetAsync(CredentialStore.ForPages, cancel)).All, out _, out var problems))
            return Problems.Answer(400, $"The destination has {problems.Count} problem(s).", errors: problems);

        var current = await store.ReadAsync(id, cancel);
        var wanted = request.GetTypedHeaders();
        if (current is not null && wanted.IfNoneMatch.Contains(EntityTagHeaderValue.Any))
            return Problems.Answer(412, $"Destination '{id}' already exists.", "Choose another id, or omit If-None-Match to replace its config.");
        if (request.Headers.IfMatch.Count > 0 && !wanted.IfMatch.Any(tag => current is { } there && (tag.Equals(EntityTagHeaderValue.Any) || tag.Tag == there.ETag.ToString("H"))))
            return Problems.Answer(412, current is null ? $"There is no destination '{id}'." : "The destination has changed.", "Read it again and apply your change to the new version.");
        if (current is { } old && old.Stored.Config.Credential != config.Credential)
            return Problems.Answer(409, "The credential of a destination cannot change.", "The waiting records belong to this credential. Create another destination instead.");
        var stored = new StoredDestination(id, current?.Stored.State ?? DestinationState.Paused, config);
        if (await store.WriteAsync(stored, current?.ETag, cancel) is not { } etag)
            return Problems.Answer(412, "Another request changed the destination at the same time.", "Read it again and apply your change to the new version.");
        response.Headers.ETag = etag.ToString("H");
        overview.Forget();
        return current is null ? Created(stored, response) : Results.Json(View(stored), ApiJson.Web.DestinationView);
    }

    /// <summary>Copies the config. The copy is paused and has no records.</summary>
    public async Task<IResult> CopyAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        if (!Names.IsValid(id) || await store.ReadAsync(id, cancel) is not { } found) return Problems.NoDestination(id);
        var (wanted, refusal) = await Body.ReadAsync(request, ApiJson.Web.NewDestination, "Send {\"id\": \"…\"}.", cancel);
        if (refusal is not null) return refusal;
        if (!Names.IsValid(wanted?.Id ?? "")) return Problems.Answer(400, "The copy has no valid id.", $"Send {{\"id\": \"…\"}} with {Names.Rule}.", [new Problem("$.id", $"is missing or invalid; use {Names.Rule}.")]);
        if (InlineId(wanted!.Id!) is { } reserved) return reserved;
        var copy = new StoredDestination(wanted!.Id!, DestinationState.Paused, found.Stored.Config);
        return await store.WriteAsync(copy, expected: null, cancel) is null
            ? Problems.Answer(409, $"Destination '{copy.Id}' already exists.", "Choose another id.")
            : Created(copy, request.HttpContext.Response);
    }

    /// <summary>
    /// Deletes a destination that has no waiting and no quarantined records, with all stored data of its records. With <c>force</c> it also discards
    /// waiting and quarantined records.
    /// </summary>
    public async Task<IResult> DeleteAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        if (!Names.IsValid(id) || await store.ReadAsync(id, cancel) is not { } found) return Problems.NoDestination(id);
        var query = new Query(request.Query);
        var force = query.Flag("force");
        if (query.Refusal is { } refusal) return refusal;
        return await TestApi.AnswerAsync(() => removal.RemoveAsync(found.Stored, found.ETag, force, cancel), removed => removed switch
        {
            Removal.RecordsWait => Problems.Answer(409, "Records wait for this destination.", "Wait until they are delivered, or discard them with ?force=true."),
            Removal.InQuarantine => Problems.Answer(409, "Records of this destination are in quarantine.", "Replay or discard them first, or delete them with ?force=true."),
            Removal.Changed => Problems.Answer(412, "Another request changed the destination at the same time.", "Read it again and repeat the deletion."),
            _ => Results.NoContent(),
        });
    }

    public async Task<IResult> SetStateAsync(string id, DestinationState state, CancellationToken cancel)
    {
        while (true)
        {
            if (!Names.IsValid(id) || await store.ReadAsync(id, cancel) is not { } found) return Problems.NoDestination(id);
            var changed = found.Stored with { State = state };
            if (await store.WriteAsync(changed, found.ETag, cancel) is null) continue; // Another request changed the destination: read it again.
            overview.Forget();
            if (state == DestinationState.Active) await tickets.SendAsync(found.Stored.Config.Credential!, cancel);
            return Results.Json(View(changed), ApiJson.Web.DestinationView);
        }
    }

    /// <summary>Refuses ids of inline destinations, because their config comes from messages.</summary>
    private static IResult? InlineId(string id) => id.StartsWith(Destination.InlinePrefix, StringComparison.Ordinal)
        ? Problems.Answer(400, $"Ids that begin with '{Destination.InlinePrefix}' are reserved for configs in messages.", "Choose another id.", [new Problem("$.id", $"begins with '{Destination.InlinePrefix}'; choose another id.")])
        : null;

    private static IResult Created(StoredDestination stored, HttpResponse response)
    {
        response.Headers.Location = $"/api/destinations/{stored.Id}";
        return Results.Json(View(stored), ApiJson.Web.DestinationView, statusCode: 201);
    }

    private static DestinationView View(StoredDestination stored) => new(stored.Id, stored.State, stored.Config);
}
