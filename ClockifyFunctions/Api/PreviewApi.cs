using System.Text;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Shows the exact requests that would be sent for some records. It sends nothing and does not move the cursor.</summary>
internal sealed class PreviewApi(DestinationStore store, Backlogs backlogs, CredentialStore credentials, ReferencePreview references, LinkStore links, TimeProvider time)
{
    public async Task<IResult> PreviewAsync(HttpRequest request, CancellationToken cancel)
    {
        var (input, refusal) = await Body.ReadAsync(request, ApiJson.Web.PreviewInput, "Send {\"config\" or \"destination\", \"records\" or \"recordsText\"}.", cancel);
        if (input is null) return refusal!;
        var stored = input.Destination is { } id ? await store.FindAsync(id, cancel) : null;
        if (input.Destination is { } named && stored is null && input.Config is null) return Problems.NoDestination(named);
        var config = input.Config ?? stored?.Config ?? new DestinationConfig();
        var recordProblems = new ProblemList();
        var (records, source) = await RecordsAsync(input, stored, recordProblems, cancel);
        var attributes = Preview.AttributesOf(records.Where(record => !BrokenText.IsIn(record)));
        if (!Destination.TryCreate(input.Destination ?? "preview", config, (await credentials.GetAsync(CredentialStore.ForPages, cancel)).All, out var destination, out var problems))
            return Results.Json(new PreviewView(problems, recordProblems.Listed, source, attributes, [], []), ApiJson.Web.PreviewView);

        await links.ReadReferencedAsync(destination, cancel);
        var names = !destination.NeedsLookups ? null : await references.ResolveAsync(destination, records, cancel);
        var preview = Preview.Of(destination, records, time.GetUtcNow(), cancel, names);
        return Results.Json(
            new PreviewView([], recordProblems.Listed, source, attributes, [.. preview.Requests.Select(call => View(destination, call))], preview.Refused), ApiJson.Web.PreviewView);
    }

    private async Task<(IReadOnlyList<JsonElement> Records, string Source)> RecordsAsync(
        PreviewInput input, StoredDestination? stored, ProblemList problems, CancellationToken cancel)
    {
        var most = Math.Clamp(input.Limit ?? GivenRecords.Most, 1, GivenRecords.Most);
        if (GivenRecords.Read(input.RecordsText, input.RecordsFormat, input.Records, most, problems, cancel) is { } given) return (given, "given");
        return stored is not null && await backlogs.FindAsync(stored.Config.Credential!, stored.Id, cancel) is { WaitingBytes: > 0 } backlog
            ? ([.. (await backlogs.PeekAsync(backlog, most, cancel)).Select(record => record.Body.ToElement())], "backlog")
            : ([], stored is null ? "given" : "backlog");
    }

    /// <summary>The request as it would be sent, without the key.</summary>
    private static CallView View(Destination destination, Preview.Call call)
    {
        var headers = new List<HeaderView> { new(destination.Credential.Header, "***") };
        headers.AddRange(call.Request.Headers.Select(header => new HeaderView(header.Key, header.Value)));
        return new CallView(
            call.Request.Method.Method, call.Request.Url.AbsoluteUri, headers, call.Request.Body.IsEmpty ? null : call.Request.ContentType, call.Request.Body.IsEmpty ? null : Encoding.UTF8.GetString(call.Request.Body.Span),
            call.Records, call.Warnings, CallSequence.Describe(destination, call.Request));
    }
}
