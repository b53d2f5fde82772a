using ClockifyFunctions.Configuration;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.Api;

/// <summary>Links of destinations that synchronize: forgets what was delivered, and finds lost links again.</summary>
internal sealed class SyncApi(DestinationStore store, LinkStore links, InteractiveCalls calls, CredentialStore credentials, TimeProvider time)
{
    /// <summary>Forgets what the records said, so that each is sent again when it comes. The links stay.</summary>
    public async Task<IResult> ResyncAsync(string id, CancellationToken cancel)
    {
        var (stored, credential, refusal) = await FindAsync(id, cancel);
        if (refusal is not null) return refusal;
        return await TestApi.AnswerAsync(
            () => calls.WithoutSenderAsync(credential!, async () =>
            {
                var opened = await links.OpenAsync(credential!.Name, stored!.Id, null, CancellationToken.None);
                await opened.AppendAsync(LinkLine.Resync(time.GetUtcNow()));
                return opened.Active;
            }, cancel),
            active => Results.Json(new LinksView(active, 0, []), ApiJson.Web.LinksView));
    }

    private async Task<(StoredDestination? Stored, Credential? Credential, IResult? Refusal)> FindAsync(string id, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { } stored) return (null, null, Problems.NoDestination(id));
        if (stored.Config.Sync is null) return (null, null, Problems.Answer(409, $"Destination '{id}' does not synchronize.", "Only destinations with sync have links."));
        var credential = (await credentials.GetAsync(CredentialStore.ForPages, cancel)).Find(stored.Config.Credential);
        return credential is null ? (null, null, Problems.NoCredential(stored.Config.Credential)) : (stored, credential, null);
    }
}

/// <param name="Active">Keys that are linked to an active object.</param>
/// <param name="Found">Links that were found again.</param>
/// <param name="Problems">Keys that could not be linked, and why.</param>
internal sealed record LinksView(int Active, int Found, IReadOnlyList<Templates.Problem> Problems);
