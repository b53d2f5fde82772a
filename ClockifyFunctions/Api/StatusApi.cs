using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Api;

/// <summary>The status of a destination, the credentials, and the health of the app.</summary>
internal static class StatusApi
{
    /// <summary>About 20,000 records are counted exactly; for one destination that is worth a read of this size.</summary>
    private const int MostBytesCounted = 4 << 20;

    public static void MapStatusApi(this RouteGroupBuilder api)
    {
        api.MapGet("/destinations/{id}/status", OfDestinationAsync).Asks("seconds").Says<DestinationStatus>("Condition, counts, rate and last error; with seconds also the credential's calls by second").Also(400);
        api.MapGet("/credentials", ListCredentialsAsync).Asks(Page.Parameters).Says<IReadOnlyList<CredentialView>>("The credentials, without their keys").Also(400);
        api.MapPost("/credentials/{name}/resume", ResumeAsync).Says<JsonElement>("Ends a suspension").Also(409);
        api.MapGet("/health/live", () => Results.Text(Invocation.Answer, "application/json")).Says<JsonElement>("Whether the process runs; without a key").NeedsNoStorage();
        api.MapGet("/health/ready", ReadyAsync).Says<AppStatus>("Whether its storage answers").Also(503);
    }

    internal static async Task<IResult> OfDestinationAsync(string id, HttpRequest request, Overview overview, StatusReader statuses, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var seconds = query.Number("seconds", 0, 0, CallHistory.Span);
        if (query.Refusal is { } refusal) return refusal;
        var reading = await overview.ReadAsync(cancel);
        if (reading.Destinations.FirstOrDefault(stored => stored.Id == id) is not { } found) return Problems.NoDestination(id);
        var status = await statuses.OfAsync(found, reading, cancel, MostBytesCounted);
        if (seconds > 0) status = status with { Calls = StatusReader.CallsOf(status.Credential, reading, TimeSpan.FromSeconds(seconds)) };
        return Results.Json(status, ApiJson.Web.DestinationStatus);
    }

    internal static async Task<IResult> ListCredentialsAsync(HttpRequest request, HttpResponse response, Overview overview, StatusReader statuses, AppSettings settings, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var page = Page.Read(query);
        if (query.Refusal is { } refusal) return refusal;
        var reading = await overview.ReadAsync(cancel);
        var shown = page.Of([.. settings.Credentials.Values.OrderBy(credential => credential.Name, StringComparer.Ordinal)], response);
        return Results.Json<IReadOnlyList<CredentialView>>([.. shown.Select(credential => statuses.Of(credential, reading))], ApiJson.Web.IReadOnlyListCredentialView);
    }

    private static async Task<IResult> ResumeAsync(string name, GateKeeper keeper, DrainTickets tickets, Overview overview, AppSettings settings, CancellationToken cancel)
    {
        if (!settings.Credentials.TryGetValue(name, out var credential)) return Problems.NoCredential(name);
        if (credential.Unusable is { } reason) return Problems.Answer(409, "The credential cannot be resumed.", $"{reason}.");
        if (!await keeper.ResumeAsync(credential, cancel)) return Problems.Answer(409, "The gate is in use.", "The credential is not suspended at the moment.");
        overview.Forget();
        await tickets.SendAsync(name, cancel);
        return Results.Text(Invocation.Answer, "application/json");
    }

    private static async Task<IResult> ReadyAsync(BlobAccount account, AppSettings settings, CancellationToken cancel)
    {
        await account.Destinations.ExistsAsync(cancel);
        return Results.Json(new AppStatus(true, account.Transactions, account.GateTransactions, account.TransactionsByOperation, [.. settings.Credentials.Values.Select(credential => credential.ToString())]), ApiJson.Web.AppStatus);
    }
}
