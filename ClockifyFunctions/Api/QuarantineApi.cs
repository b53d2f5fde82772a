using ClockifyFunctions.Configuration;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Api;

/// <summary>The quarantine: lists, replays and discards entries.</summary>
internal static class QuarantineApi
{
    public static void MapQuarantineApi(this RouteGroupBuilder api)
    {
        api.MapGet("/quarantine/{destination}", ListAsync).Asks(Page.Parameters).Says<IReadOnlyList<QuarantineEntry>>("Entries, oldest first, each with its reason").Also(400);
        api.MapPost("/quarantine/{destination}/replay", ReplayAsync).Takes<QuarantineSelection>().Says<QuarantineChange>("Sends the records of these entries again", 202).Also(400);
        api.MapPost("/quarantine/{destination}/discard", DiscardAsync).Takes<QuarantineSelection>().Says<QuarantineChange>("Removes entries; their records are not sent").Also(400);
    }

    private static async Task<IResult> ListAsync(string destination, HttpRequest request, HttpResponse response, QuarantineStore quarantine, CancellationToken cancel)
    {
        if (!IsKnown(destination)) return NotFound(destination);
        var query = new Query(request.Query);
        var page = Page.Read(query);
        if (query.Refusal is { } refusal) return refusal;
        var listing = await quarantine.ListAsync(destination, page.Limit, cancel, page.Offset);
        Page.SetTotal(response, listing.Total);
        return Results.Json(listing.Entries, ApiJson.Web.IReadOnlyListQuarantineEntry);
    }

    /// <summary>Appends the records to the backlog in the order in which they entered the quarantine. Entries that cannot be replayed stay, each with a reason.</summary>
    private static Task<IResult> ReplayAsync(string destination, HttpRequest request, Replayer replayer, Overview overview, CancellationToken cancel) =>
        ChangeAsync(destination, request, overview, selection => replayer.ReplayAsync(destination, selection.Chosen, selection.Destination, cancel), 202, cancel);

    private static Task<IResult> DiscardAsync(string destination, HttpRequest request, Replayer replayer, Overview overview, CancellationToken cancel) =>
        ChangeAsync(destination, request, overview, selection => replayer.DiscardAsync(destination, selection.Chosen, cancel), 200, cancel);

    private static async Task<IResult> ChangeAsync(string destination, HttpRequest request, Overview overview, Func<QuarantineSelection, Task<QuarantineChange>> change, int status, CancellationToken cancel)
    {
        const string Remedy = "Send {\"ids\": [\"…\"]} or {\"all\": true}.";
        if (!IsKnown(destination)) return NotFound(destination);
        var (selection, refusal) = await Body.ReadAsync(request, ApiJson.Web.QuarantineSelection, Remedy, cancel);
        if (refusal is not null) return refusal;
        if (selection is not ({ All: true, Ids: null } or { All: false, Ids.Count: > 0 }))
            return Problems.Answer(400, "The body must choose entries.", Remedy, [new Problem("$", selection!.All ? "has both 'ids' and 'all'; send one of them." : "has neither 'ids' nor 'all'.")]);
        var changed = await change(selection);
        overview.Forget();
        return Results.Json(changed, ApiJson.Web.QuarantineChange, statusCode: status);
    }

    private static bool IsKnown(string destination) => Names.IsValid(destination) || destination == QuarantineStore.Unrouted;

    private static IResult NotFound(string destination) => Problems.Answer(404, $"There is no quarantine '{destination}'.", $"Use a destination's id, or {QuarantineStore.Unrouted}.");
}
