using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>The quarantine: lists, replays and discards entries.</summary>
internal sealed class QuarantineApi(QuarantineStore quarantine, Replayer replayer, Overview overview)
{
    public async Task<IResult> ListAsync(string destination, HttpRequest request, CancellationToken cancel)
    {
        if (!IsKnown(destination)) return NotFound(destination);
        var query = new Query(request.Query);
        var page = Page.Read(query);
        if (query.Refusal is { } refusal) return refusal;
        var listing = await quarantine.ListAsync(destination, page.Limit, cancel, page.Offset);
        Page.SetTotal(request.HttpContext.Response, listing.Total);
        return Results.Json(listing.Entries, ApiJson.Web.IReadOnlyListQuarantineEntry);
    }

    /// <summary>Appends the records to the backlog in the order in which they entered the quarantine. Entries that cannot be replayed stay in the quarantine; the response lists their reasons.</summary>
    public Task<IResult> ReplayAsync(string destination, HttpRequest request, CancellationToken cancel) =>
        ChangeAsync(destination, request, selection => replayer.ReplayAsync(destination, selection.Chosen, selection.Destination, cancel), 202, cancel);

    public Task<IResult> DiscardAsync(string destination, HttpRequest request, CancellationToken cancel) =>
        ChangeAsync(destination, request, selection => replayer.DiscardAsync(destination, selection.Chosen, cancel), 200, cancel);

    private async Task<IResult> ChangeAsync(string destination, HttpRequest request, Func<QuarantineSelection, Task<QuarantineChange>> change, int status, CancellationToken cancel)
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

    private static IResult NotFound(string destination) => Problems.Answer(404, $"Quarantine '{destination}' does not exist.", $"Use the id of a destination, or {QuarantineStore.Unrouted}.");
}
