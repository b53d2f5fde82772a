using System.Globalization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;

namespace ClockifyFunctions.Api;

/// <summary>What was refused, and what a person does about it.</summary>
internal sealed class QuarantineApi(QuarantineStore quarantine, Replayer replayer)
{
    private const int MostListed = 1000;

    public async Task<IResult> ListAsync(string destination, HttpRequest request, CancellationToken cancel)
    {
        if (!IsKnown(destination)) return NotFound(destination);
        if (!Query.TryRead(request, "limit", MostListed, out var limit)) return Query.Refuse("limit");
        var listing = await quarantine.ListAsync(destination, Math.Clamp(limit, 1, MostListed), cancel);
        request.HttpContext.Response.Headers["X-Total-Count"] = listing.Total.ToString(CultureInfo.InvariantCulture);
        return Results.Json(listing.Entries, ApiJson.Web.IReadOnlyListQuarantineEntry);
    }

    /// <summary>Back to the backlog, in the order in which the records came here. What cannot go back stays, each with its reason.</summary>
    public async Task<IResult> ReplayAsync(string destination, HttpRequest request, CancellationToken cancel)
    {
        if (!IsKnown(destination)) return NotFound(destination);
        if (await ReadAsync(request, cancel) is not { } selection) return Unclear();
        return Results.Json(await replayer.ReplayAsync(destination, selection.Chosen, selection.Destination, cancel), ApiJson.Web.QuarantineChange, statusCode: 202);
    }

    public async Task<IResult> DiscardAsync(string destination, HttpRequest request, CancellationToken cancel)
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
