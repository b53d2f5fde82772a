using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Templates;
using Microsoft.Net.Http.Headers;

namespace ClockifyFunctions.Api;

/// <summary>Credentials: list, create, change, rotate, delete, check, resume. No answer contains a key.</summary>
internal sealed class CredentialsApi(CredentialStore credentials, Overview overview, DestinationStore destinations, GateKeeper keeper, DrainTickets tickets, InteractiveCalls calls, SnapshotStore snapshots, TimeProvider time)
{
    private const int MostNamed = 10;

    /// <summary>After this time every process has read the credentials again.</summary>
    private static readonly TimeSpan KnownEverywhere = CredentialStore.ForSending + TimeSpan.FromSeconds(1);

    public async Task<IResult> ListAsync(HttpRequest request, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var page = Page.Read(query);
        if (query.Refusal is { } refusal) return refusal;
        var reading = await overview.ReadAsync(cancel);
        return Results.Json<IReadOnlyList<CredentialView>>(
            [.. page.Of([.. reading.Credentials.InOrder], request.HttpContext.Response).Select(credential => StatusReader.Of(credential, reading))], ApiJson.Web.IReadOnlyListCredentialView);
    }

    public async Task<IResult> GetAsync(string name, CancellationToken cancel)
    {
        var reading = await overview.ReadAsync(cancel);
        return reading.Credentials.Find(name) is { } credential ? Results.Json(StatusReader.Of(credential, reading), ApiJson.Web.CredentialView) : Problems.NoCredential(name);
    }

    /// <summary>Creates a credential, or replaces all members except the key. If the body contains a key, it replaces the key too. With <c>If-None-Match: *</c> it only creates.</summary>
    public async Task<IResult> PutAsync(string name, HttpRequest request, CancellationToken cancel)
    {
        var (config, refusal) = await Body.ReadAsync(request, ApiJson.Web.CredentialConfig, "Send {\"apiKey\": \"…\", \"baseUrl\", \"header\", \"limits\": [\"10/00:00:01\"], \"allowedHosts\", \"inlineConfigs\", \"workspaces\"}; only the key is required, and only at first.", cancel);
        if (config is null) return refusal!;
        var known = await credentials.GetAsync(CredentialStore.Now, cancel);
        if (WhyReadOnly(name, known) is { } readOnly) return readOnly;
        var isNew = !known.IsManaged(name);
        if (!isNew && request.GetTypedHeaders().IfNoneMatch.Contains(EntityTagHeaderValue.Any)) return Problems.Answer(412, $"Credential '{name}' already exists.", "Choose another name, or omit If-None-Match to change the credential.");
        return await StoreAsync(name, config with { ApiKey = config.ApiKey ?? known.Managed.GetValueOrDefault(name)?.ApiKey }, isNew, request, cancel);
    }

    /// <summary>Replaces only the key.</summary>
    public async Task<IResult> RotateAsync(string name, HttpRequest request, CancellationToken cancel)
    {
        var (key, refusal) = await Body.ReadAsync(request, ApiJson.Web.NewKey, "Send {\"apiKey\": \"…\"}.", cancel);
        if (key is null) return refusal!;
        var known = await credentials.GetAsync(CredentialStore.Now, cancel);
        if (WhyReadOnly(name, known) is { } readOnly) return readOnly;
        return known.Managed.TryGetValue(name, out var config) ? await StoreAsync(name, config with { ApiKey = key.ApiKey }, isNew: false, request, cancel) : Problems.NoCredential(name);
    }

    /// <summary>Deletes a credential that no destination uses.</summary>
    public async Task<IResult> DeleteAsync(string name, CancellationToken cancel)
    {
        var known = await credentials.GetAsync(CredentialStore.Now, cancel);
        if (WhyReadOnly(name, known) is { } readOnly) return readOnly;
        if (!known.IsManaged(name)) return Problems.NoCredential(name);
        var users = (await destinations.AllAsync(cancel)).Where(stored => stored.Config.Credential == name).Select(stored => stored.Id).ToArray();
        if (users.Length > 0)
            return Problems.Answer(409, $"{users.Length} destination(s) use this credential.", $"Delete them first: {string.Join(", ", users.Take(MostNamed))}{(users.Length > MostNamed ? $" and {users.Length - MostNamed} more" : "")}.");
        await credentials.DeleteAsync(name, cancel);
        await snapshots.DeleteAsync(name, cancel);
        overview.Forget();
        return Results.NoContent();
    }

    /// <summary>Asks the API for the owner of the key and the workspaces that the key can access. It changes nothing.</summary>
    public async Task<IResult> CheckAsync(string name, CancellationToken cancel) =>
        (await credentials.GetAsync(CredentialStore.Now, cancel)).Find(name) is { } credential
            ? await TestApi.AnswerAsync(() => calls.CheckAsync(credential, cancel), check => Results.Json(check, ApiJson.Web.ConnectionCheck))
            : Problems.NoCredential(name);

    /// <summary>Ends the suspension of a credential.</summary>
    public async Task<IResult> ResumeAsync(string name, CancellationToken cancel)
    {
        if ((await credentials.GetAsync(CredentialStore.Now, cancel)).Find(name) is not { } credential) return Problems.NoCredential(name);
        if (credential.Unusable is { } reason) return Problems.Answer(409, "The credential cannot be resumed.", $"{reason}.");
        if (!await keeper.ResumeAsync(credential, cancel)) return Problems.Answer(409, "The gate is in use.", "The credential is not suspended at the moment.");
        overview.Forget();
        await tickets.SendAsync(name, cancel);
        return Results.Text("{}", "application/json");
    }

    private async Task<IResult> StoreAsync(string name, CredentialConfig config, bool isNew, HttpRequest request, CancellationToken cancel)
    {
        var problems = new List<Problem>();
        var trimmed = config with { ApiKey = config.ApiKey?.Trim() };
        CredentialReader.Read(name, trimmed, (member, message) => problems.Add(new Problem($"$.{char.ToLowerInvariant(member[0])}{member[1..]}", message)));
        if (problems.Count > 0) return Problems.Answer(400, $"The credential has {problems.Count} problem(s).", errors: problems);
        await credentials.WriteAsync(name, trimmed, cancel);
        overview.Forget();
        // Records may wait for the new key. Processes that already know it start immediately, the others with the second ticket.
        await tickets.SendAsync(name, cancel);
        await tickets.SendAtAsync(name, time.GetUtcNow() + KnownEverywhere, cancel);
        var reading = await overview.ReadAsync(cancel);
        if (reading.Credentials.Find(name) is not { } stored) return Problems.Answer(503, "The credential was stored but cannot be read.", reading.Credentials.Problem ?? "Try again in a few seconds.");
        if (isNew) request.HttpContext.Response.Headers.Location = $"/api/credentials/{name}";
        return Results.Json(StatusReader.Of(stored, reading), ApiJson.Web.CredentialView, statusCode: isNew ? 201 : 200);
    }

    private IResult? WhyReadOnly(string name, CredentialSet known)
    {
        if (!credentials.CanManage) return Problems.Answer(409, "This app reads credentials from app settings only.", "To manage them in the console and the API, set KeyVaultUri to a key vault, or CredentialsFile to a local file.");
        if (known.Problem is { } problem) return Problems.Answer(503, "The managed credentials cannot be read.", problem);
        return known.Find(name) is not null && !known.IsManaged(name) ? Problems.Answer(409, $"Credential '{name}' is an app setting.", $"Change the settings Credentials__{name}__…, or choose another name.") : null;
    }
}
