using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Api;

/// <summary>What goes on: per destination, per credential, over time, and whether the app is well.</summary>
internal static class StatusApi
{
    public static void MapStatusApi(this RouteGroupBuilder api)
    {
        api.MapGet("/destinations/{id}/status", OfDestinationAsync).Says<DestinationStatus>("What waits, what was done, what failed last");
        api.MapGet("/credentials", OfCredentialsAsync).Says<IReadOnlyList<CredentialView>>("The credentials, without their keys");
        api.MapPost("/credentials/{name}/resume", ResumeAsync).Says<JsonElement>("Ends a suspension").Also(409);
        api.MapGet("/metrics", async (int? seconds, CallRates rates, TimeProvider time, CancellationToken cancel) =>
            Results.Json(new MetricsView(time.GetUtcNow(), await rates.SeriesAsync(TimeSpan.FromSeconds(Math.Clamp(seconds ?? 120, 10, 3600)), cancel)), ApiJson.Web.MetricsView))
            .Says<MetricsView>("Calls by second, some seconds behind");
        api.MapGet("/health/live", () => Results.Text(Invocation.Answer, "application/json")).Says<JsonElement>("Whether the process runs; without a key").NeedsNoStorage();
        api.MapGet("/health/ready", ReadyAsync).Says<AppStatus>("Whether its storage answers").Also(503);
    }

    private static async Task<IResult> OfDestinationAsync(
        string id, DestinationStore store, Backlogs backlogs, CallRates rates, GateKeeper keeper, AppSettings settings, TimeProvider time, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { } stored) return Problems.NoDestination(id);
        var name = stored.Config.Credential!;
        var backlog = await rates.BacklogAsync(name, id, cancel);
        var depth = backlog is null ? BacklogDepth.None : await backlogs.DepthAsync(backlog, cancel);
        var known = settings.Credentials.TryGetValue(name, out var credential);
        var gate = known ? await keeper.StatusAsync(credential!, cancel) : new GateStatus(null, $"there is no credential '{name}' in the app settings");
        return Results.Json(
            new DestinationStatus(
                id, stored.State, name,
                new WaitingView(depth.Records, depth.IsExact, depth.Bytes, depth.Oldest is { } oldest ? Math.Round((time.GetUtcNow() - oldest).TotalSeconds, 1) : null),
                backlog?.Cursor.Delivered ?? 0, backlog?.Cursor.Quarantined ?? 0, gate.Holder, gate.Suspended,
                new RateView(await rates.NowAsync(name, id, cancel), known ? PermittedPerSecond(credential!) : 0), backlog?.Cursor.LastError),
            ApiJson.Web.DestinationStatus);
    }

    private static async Task<IResult> OfCredentialsAsync(AppSettings settings, GateKeeper keeper, Backlogs backlogs, CallRates rates, TimeProvider time, CancellationToken cancel)
    {
        var paused = (await backlogs.ListAsync(null, cancel)).Where(backlog => backlog.Cursor.PausedUntil > time.GetUtcNow()).Select(backlog => backlog.Credential).ToHashSet();
        var views = new List<CredentialView>();
        foreach (var credential in settings.Credentials.Values)
        {
            var gate = await keeper.StatusAsync(credential, cancel);
            views.Add(new CredentialView(
                credential.Name, credential.Fingerprint, credential.BaseUrl.AbsoluteUri, [.. credential.Limits.Select(limit => limit.ToString())], PermittedPerSecond(credential),
                gate.Holder, gate.Suspended, await rates.NowAsync(credential.Name, null, cancel), await rates.ThrottledAsync(credential.Name, cancel), paused.Contains(credential.Name) ? "open" : "closed"));
        }

        return Results.Json(views, ApiJson.Web.IReadOnlyListCredentialView);
    }

    private static async Task<IResult> ResumeAsync(string name, GateKeeper keeper, DrainTickets tickets, AppSettings settings, CancellationToken cancel)
    {
        if (!settings.Credentials.TryGetValue(name, out var credential)) return Problems.NoCredential(name);
        if (credential.Unusable is { } reason) return Problems.Answer(409, "The credential cannot be resumed.", $"{reason}.");
        if (!await keeper.ResumeAsync(credential, cancel)) return Problems.Answer(409, "The gate is in use.", "The credential is not suspended at the moment.");
        await tickets.SendAsync(name, cancel);
        return Results.Text(Invocation.Answer, "application/json");
    }

    private static async Task<IResult> ReadyAsync(BlobAccount account, AppSettings settings, CancellationToken cancel)
    {
        await account.Destinations.ExistsAsync(cancel);
        return Results.Json(new AppStatus(true, account.Transactions, account.GateTransactions, account.TransactionsByOperation, [.. settings.Credentials.Values.Select(credential => credential.ToString())]), ApiJson.Web.AppStatus);
    }

    private static double PermittedPerSecond(Credential credential) => credential.Limits.Min(window => window.PerSecond);
}
