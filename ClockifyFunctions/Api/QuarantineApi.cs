using System.Globalization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Api;

/// <summary>What was refused, and what a person does about it.</summary>
internal static class QuarantineApi
{
    private const int MostListed = 1000;

    public static void MapQuarantineApi(this RouteGroupBuilder api)
    {
        api.MapGet("/quarantine/{destination}", ListAsync).Says<IReadOnlyList<QuarantineEntry>>("The first of what was refused, and why; X-Total-Count says how much there is");
        api.MapPost("/quarantine/{destination}/replay", ReplayAsync).Takes<QuarantineSelection>().Says<QuarantineChange>("Sends records round again", 202).Also(400);
        api.MapPost("/quarantine/{destination}/discard", DiscardAsync).Takes<QuarantineSelection>().Says<QuarantineChange>("Gives records up").Also(400);
    }

    private static async Task<IResult> ListAsync(string destination, int? limit, HttpResponse response, QuarantineStore quarantine, CancellationToken cancel)
    {
        if (!IsKnown(destination)) return NotFound(destination);
        var listing = await quarantine.ListAsync(destination, Math.Clamp(limit ?? MostListed, 1, MostListed), cancel);
        response.Headers["X-Total-Count"] = listing.Total.ToString(CultureInfo.InvariantCulture);
        return Results.Json(listing.Entries, ApiJson.Web.IReadOnlyListQuarantineEntry);
    }

    /// <summary>Back to the backlog, in the order in which the records came here. What cannot go back stays, each with its reason.</summary>
    private static async Task<IResult> ReplayAsync(string destination, HttpRequest request, Replayer replayer, CancellationToken cancel)
    {
        if (!IsKnown(destination)) return NotFound(destination);
        if (await ReadAsync(request, cancel) is not { } selection) return Unclear();
        return Results.Json(await replayer.ReplayAsync(destination, selection.Chosen, selection.Destination, cancel), ApiJson.Web.QuarantineChange, statusCode: 202);
    }

    private static async Task<IResult> DiscardAsync(string destination, HttpRequest request, Replayer replayer, CancellationToken cancel)
    {
        if (!IsKnown(destination)) return NotFound(destination);
        if (await ReadAsync(request, cancel) is not { } selection) return Unclear();
        return Results.Json(await replayer.DiscardAsync(destination, selection.Chosen, cancel), ApiJson.Web.QuarantineChange);
    }

    private static async Task<QuarantineSelection?> ReadAsync(HttpRequest request, CancellationToken cancel) =>
        await Body.ReadAsync(request, ApiJson.Web.QuarantineSelection, cancel) is { } selection and ({ All: true } or { Ids.Count: > 0 }) ? selection : null;

    private static bool IsKnown(string destination) => Names.IsValid(destination) || destination == QuarantineStore.Unrouted;

    private static IResult Unclear() => Problems.Answer(400, "It is not said which entries.", "Send {\"ids\": [\"…\"]} or {\"all\": true}.");

    private static IResult NotFound(string destination) => Problems.Answer(404, $"There is no quarantine '{destination}'.", $"Use a destination's id, or {QuarantineStore.Unrouted}.");
}
