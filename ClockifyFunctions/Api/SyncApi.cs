using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.References;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Operations on destinations that synchronize: plan, relink and resync.</summary>
internal sealed class SyncApi(DestinationStore store, LinkStore links, ReferencePreview references, InteractiveCalls calls, CredentialStore credentials, TimeProvider time)
{
    /// <summary>Shows what the records would change. It writes nothing.</summary>
    public async Task<IResult> PlanAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        var query = new Query(request.Query);
        var run = query.Text("run");
        if (query.Refusal is { } wrong) return wrong;
        var (destination, records, refusal) = await ReadAsync(id, request, cancel);
        if (refusal is not null) return refusal;
        var known = await DraftAsync(destination!, records, isWhole: run == "complete", cancel);
        return Results.Json(PlanView.Of(known.Result.Plan), ApiJson.Web.PlanView);
    }

    /// <summary>Links the key of each record to the object that carries the key, or to the only object that matches. It writes nothing to Clockify.</summary>
    public async Task<IResult> RelinkAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        var (destination, records, refusal) = await ReadAsync(id, request, cancel);
        if (refusal is not null) return refusal;
        var known = await DraftAsync(destination!, records, isWhole: false, cancel);
        if (known.WhyNot is { } whyNot) return Problems.Answer(409, "The lists of Clockify could not be read, and no link was written.", $"Reason: {whyNot}. Try again.");
        var now = time.GetUtcNow();
        // The delivered content is known only if the object equals the record.
        LinkLine[] lines = [.. known.Result.Adopted.Select(one => LinkLine.Of(one.Row.Key, one.Adopted.Link with { State = LinkState.Active, Hash = one.Adopted.AsListed is null ? 0 : one.Row.Hash, At = now }))];
        return await AtTheGateAsync(destination!, async opened =>
        {
            if (opened.Version != known.Result.Plan.Version) return Problems.Answer(409, "Links have changed meanwhile, and no link was written.", "Pause the destination, and try again.");
            if (lines.Length > 0) await opened.AppendAsync(lines);
            var problems = new ProblemList();
            problems.AddRange(known.Result.Plan.Rows.Where(row => row.Step == PlanStep.Error).Select(row => new Problem(row.Key ?? $"$[{row.Record - 1}]", string.Join(" ", row.Details))));
            return Results.Json(new LinksView(opened.Active, lines.Length, problems.Listed), ApiJson.Web.LinksView);
        }, cancel);
    }

    /// <summary>Deletes the hashes of all delivered records, so that each record is sent again when it arrives. The links are kept.</summary>
    public async Task<IResult> ResyncAsync(string id, CancellationToken cancel)
    {
        var (destination, refusal) = await FindAsync(id, cancel);
        if (refusal is not null) return refusal;
        return await AtTheGateAsync(destination!, async opened =>
        {
            await opened.AppendAsync(LinkLine.Resync(time.GetUtcNow()));
            return Results.Json(new LinksView(opened.Active, 0, []), ApiJson.Web.LinksView);
        }, cancel);
    }

    private async Task<ReferencePreview.Known<Planner.Draft>> DraftAsync(Destination destination, IReadOnlyList<RawJson> records, bool isWhole, CancellationToken cancel)
    {
        await links.ReadReferencedAsync(destination, cancel);
        var known = await links.ReadAsync(destination.Credential.Name, destination.Id, cancel);
        var (draft, whyNot, made) = await references.UntilKnownAsync(destination.Credential, lists =>
        {
            var attempt = Planner.Try(destination, records, isWhole, known, lists, time.GetUtcNow());
            return (attempt, attempt.Needs);
        }, cancel, isFresh: true);
        var plan = draft.Plan with { Lookups = made, Note = whyNot is null ? draft.Plan.Note : $"Some lookups failed: {whyNot}. {draft.Plan.Note}".TrimEnd() };
        var hashes = plan.Rows.Select(row => row.KeyHash).OfType<UInt128>().ToHashSet();
        if (hashes.Count > 0)
        {
            var keys = await known.KeysAsync(hashes, cancel);
            plan = plan with { Rows = [.. plan.Rows.Select(row => row.KeyHash is { } hash ? row with { Key = keys.GetValueOrDefault(hash) } : row)] };
        }

        return new ReferencePreview.Known<Planner.Draft>(draft with { Plan = plan }, whyNot, made);
    }

    /// <summary>Runs an operation on links while no other process can write them.</summary>
    private Task<IResult> AtTheGateAsync(Destination destination, Func<Links, Task<IResult>> act, CancellationToken cancel) => TestApi.AnswerAsync(
        () => calls.WithoutSenderAsync(destination.Credential, async () => await act(await links.OpenAsync(destination.Credential.Name, destination.Id, null, CancellationToken.None)), cancel),
        answer => answer);

    private async Task<(Destination? Destination, IReadOnlyList<RawJson> Records, IResult? Refusal)> ReadAsync(string id, HttpRequest request, CancellationToken cancel)
    {
        var (destination, refusal) = await FindAsync(id, cancel);
        if (refusal is not null) return (null, [], refusal);
        if (RecordsText.FormatOf(request.ContentType) is not { } format) return (null, [], RecordsApi.NoFormat(request.ContentType));
        var (body, tooLarge) = await Body.BytesAsync(request, JsonRecords.MostBytes, cancel);
        if (tooLarge is not null) return (null, [], tooLarge);
        var problems = new ProblemList();
        var text = RecordsEncoding.ToUtf8(body, format, request.ContentType, problems, out _);
        var records = problems.Count > 0 ? [] : RecordsText.Read(text, format, problems, cancel);
        return problems.Count > 0
            ? (null, [], Problems.Answer(400, "The records cannot be read.", "Correct them and send them again.", problems.Listed))
            : (destination, [.. records.Select(RecordReader.Compact)], null);
    }

    private async Task<(Destination? Destination, IResult? Refusal)> FindAsync(string id, CancellationToken cancel)
    {
        if (await store.FindAsync(id, cancel) is not { } stored) return (null, Problems.NoDestination(id));
        if (stored.Config.Sync is null) return (null, Problems.Answer(409, $"Destination '{id}' does not synchronize.", "Only destinations with sync have links and plans."));
        return Destination.TryCreate(id, stored.Config, (await credentials.GetAsync(CredentialStore.ForPages, cancel)).All, out var destination, out var problems)
            ? (destination, null)
            : (null, Problems.Answer(409, $"The destination has {problems.Count} problem(s).", "Correct its config first.", problems));
    }
}

/// <param name="Active">Number of keys that are linked to an active object.</param>
/// <param name="Found">Number of links that were found again.</param>
/// <param name="Problems">The keys that could not be linked, with reasons.</param>
internal sealed record LinksView(int Active, int Found, IReadOnlyList<Problem> Problems);

/// <param name="Version">The version of the links. Send it as <c>plan</c> with the records.</param>
/// <param name="Text">The plan as text.</param>
internal sealed record PlanView(string Version, string? Workspace, int Records, IReadOnlyList<PlanRowView> Rows, int Unchanged, int Calls, double Seconds, int Lookups, string? Note, string Text)
{
    public static PlanView Of(Plan plan) => new(
        plan.Version, plan.Destination.WorkspaceId, plan.Records, [.. plan.Rows.Select(row => new PlanRowView(PlanRow.NameOf(row.Step), row.Object, row.Label, row.Key, row.Id, row.Record, row.Details, row.Calls))],
        plan.Unchanged, plan.Calls, plan.Seconds, plan.Lookups, plan.Note, plan.ToText());
}

/// <inheritdoc cref="PlanRow"/>
internal sealed record PlanRowView(string Step, string Object, string? Label, string? Key, string? Id, int? Record, IReadOnlyList<string> Details, int Calls);
