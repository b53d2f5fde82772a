using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Api;

/// <summary>The status of a destination, and the health of the app.</summary>
internal sealed class StatusApi(Overview overview, StatusReader statuses, CredentialStore credentials, BlobAccount account)
{
    /// <summary>Maximum number of backlog bytes that are read to count records: about 20,000 records.</summary>
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

    public async Task<IResult> ReadyAsync(CancellationToken cancel)
    {
        await account.Destinations.ExistsAsync(cancel);
        var all = await credentials.GetAsync(CredentialStore.ForPages, cancel);
        return Results.Json(new AppStatus(true, account.Transactions, account.GateTransactions, account.TransactionsByOperation, [.. all.InOrder.Select(credential => credential.ToString())]), ApiJson.Web.AppStatus);
    }
}
