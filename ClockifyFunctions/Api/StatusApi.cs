using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Api;

/// <summary>The status of a destination, the credentials, and the health of the app.</summary>
internal sealed class StatusApi(Overview overview, StatusReader statuses, GateKeeper keeper, DrainTickets tickets, BlobAccount account, AppSettings settings)
{
    /// <summary>About 20,000 records are counted exactly; for one destination that is worth a read of this size.</summary>
    private const int MostBytesCounted = 4 << 20;

    public async Task<IResult> OfDestinationAsync(string id, HttpRequest request, CancellationToken cancel)
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

    public async Task<IResult> OfCredentialsAsync(HttpRequest request, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var page = Page.Read(query);
        if (query.Refusal is { } refusal) return refusal;
        var reading = await overview.ReadAsync(cancel);
        var shown = page.Of([.. settings.Credentials.Values.OrderBy(credential => credential.Name, StringComparer.Ordinal)], request.HttpContext.Response);
        return Results.Json<IReadOnlyList<CredentialView>>([.. shown.Select(credential => statuses.Of(credential, reading))], ApiJson.Web.IReadOnlyListCredentialView);
    }

    public async Task<IResult> ResumeAsync(string name, CancellationToken cancel)
    {
        if (!settings.Credentials.TryGetValue(name, out var credential)) return Problems.NoCredential(name);
        if (credential.Unusable is { } reason) return Problems.Answer(409, "The credential cannot be resumed.", $"{reason}.");
        if (!await keeper.ResumeAsync(credential, cancel)) return Problems.Answer(409, "The gate is in use.", "The credential is not suspended at the moment.");
        overview.Forget();
        await tickets.SendAsync(name, cancel);
        return Results.Text("{}", "application/json");
    }

    public async Task<IResult> ReadyAsync(CancellationToken cancel)
    {
        await account.Destinations.ExistsAsync(cancel);
        return Results.Json(new AppStatus(true, account.Transactions, account.GateTransactions, account.TransactionsByOperation, [.. settings.Credentials.Values.Select(credential => credential.ToString())]), ApiJson.Web.AppStatus);
    }
}
