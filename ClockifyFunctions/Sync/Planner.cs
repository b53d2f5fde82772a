using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Sync;

/// <summary>Makes the same decisions about records as delivery, and writes them to a plan. It makes no calls. It returns the lists that it needs.</summary>
internal sealed class Planner
{
    private readonly Destination _destination;
    private readonly SyncRules _sync;
    private readonly Links _links;
    private readonly IKnownLists _lists;
    private readonly DateTimeOffset _now;
    private readonly List<PlanRow> _rows = [];
    private readonly HashSet<Need> _needs = [], _created = [];
    private readonly Dictionary<UInt128, (int Record, UInt128 Hash)> _named = [];
    private readonly List<(SyncRow Row, Prepared Adopted)> _adopted = [];
    private int _unchanged;

    private Planner(Destination destination, Links links, IKnownLists lists, DateTimeOffset now) => (_destination, _sync, _links, _lists, _now) = (destination, destination.Sync!, links, lists, now);

    /// <summary>A plan, and the lists that it still needs.</summary>
    /// <param name="Needs">Lists that have to be read before the plan is complete.</param>
    /// <param name="Adopted">The objects that would be adopted, with their records.</param>
    internal sealed record Draft(Plan Plan, IReadOnlyList<Need> Needs, IReadOnlyList<(SyncRow Row, Prepared Adopted)> Adopted);

    /// <param name="isWhole">Whether the records are a complete run, so that objects that they do not name vanish.</param>
    public static Draft Try(Destination destination, IReadOnlyList<RawJson> records, bool isWhole, Links links, IKnownLists lists, DateTimeOffset now) => new Planner(destination, links, lists, now).Try(records, isWhole);

    private Draft Try(IReadOnlyList<RawJson> records, bool isWhole)
    {
        var reader = new SyncRowReader(_destination.Links!);
        var withoutKey = 0;
        for (var index = 0; index < records.Count; index++)
        {
            var row = reader.Read(records[index], out var problem);
            if (row is null)
            {
                AddError(index + 1, null, problem!);
                withoutKey++;
            }
            else Plan(index + 1, row, records[index]);
        }

        var note = isWhole && _sync.Mode == SyncMode.Mirror ? PlanVanished(records.Count, withoutKey) : null;
        return new Draft(new Plan(_destination, _links.Version, records.Count, isWhole, _rows, _unchanged, note), [.. _needs], _adopted);
    }

    private void Plan(int number, SyncRow row, RawJson record)
    {
        var link = _links.Find(row.KeyHash);
        if (_named.TryGetValue(row.KeyHash, out var before))
        {
            if (before.Hash == row.Hash) _unchanged++;
            else AddError(number, row.Key, string.Create(CultureInfo.InvariantCulture, $"has the same key as record {before.Record} and other content{(_sync.OnDoubleKey == OnDoubleKey.Last ? "; both are sent, in this order" : "")}"));
            return;
        }

        _named[row.KeyHash] = (number, row.Hash);
        var decision = SyncDecision.Of(_destination.Links!, RecordOperation.Write, link, row.Hash, false, _now);
        if (decision.Step == SyncStep.Refuse) AddError(number, row.Key, decision.Reason!);
        else if (decision.Step == SyncStep.Nothing && (_sync.Drift == Drift.Ignore || !link.IsActive)) _unchanged++;
        else Plan(number, row, record, link, decision.Step == SyncStep.Nothing ? SyncStep.Update : decision.Step, isUnchanged: decision.Step == SyncStep.Nothing);
    }

    private void Plan(int number, SyncRow row, RawJson record, Link link, SyncStep step, bool isUnchanged)
    {
        using var parsed = JsonDocument.Parse(record.Utf8);
        var resolved = Resolved.Nothing;
        switch (Resolver.Resolve(_destination, parsed.RootElement, _lists))
        {
            case Resolution.Ready ready:
                resolved = ready.Resolved;
                break;
            case Resolution.Changes changes:
                resolved = changes.Draft.Resolved;
                foreach (var create in changes.Needs.OfType<Need.Create>())
                    if (_created.Add(create)) _rows.Add(new PlanRow(PlanStep.Create, create.Lookup.Noun, create.Name, null, null, null, [string.Create(CultureInfo.InvariantCulture, $"named by record {number}")], 1));
                break;
            case Resolution.Refused refused:
                AddError(number, row.Key, string.Join(" ", refused.Failures));
                return;
            case Resolution.Waits waits:
                _needs.UnionWith(waits.Needs);
                return;
            case Resolution.Unavailable unavailable:
                AddError(number, row.Key, AnswerText.Describe(unavailable.Answer));
                return;
        }

        var prepared = Preparation.Of(_destination, step, row, link, record, resolved, _now);
        if (step is SyncStep.Create or SyncStep.AdoptOnly && prepared.Rendered.Request is { } wanted)
        {
            if (_sync.Adopt == Adopt.Never || Adoption.ListOf(_destination, prepared) is not { } list) prepared = Preparation.Adopt(_destination, step, row, prepared, default, [], record, resolved, _now);
            else if (_lists.Find(list) is { IsWhole: true } snapshot) prepared = Preparation.Adopt(_destination, step, row, prepared, list, Adoption.Find(_destination, row, wanted, snapshot, IsTaken), record, resolved, _now);
            else if (list.Scope != Resolver.NewId)
            {
                if (!Ask(list)) AddError(number, row.Key, $"cannot be searched: {AnswerText.Describe(_lists.FailureOf(NextPage(list))!)}");
                return;
            }
        }

        if (isUnchanged && Listed(prepared, out _) is { IsArchived: true } && SyncDecision.CanRestore(_sync)) prepared = Preparation.Of(_destination, SyncStep.Restore, row, link, record, resolved, _now);
        if (prepared.Rendered.Request is not { } request) AddError(number, row.Key, string.Join(" ", prepared.Rendered.Problems));
        else AddRow(number, row, prepared, request, isUnchanged);
    }

    private void AddRow(int number, SyncRow row, Prepared prepared, RenderedRequest request, bool isUnchanged)
    {
        if (prepared.Change == Backlog.Change.Adopted) _adopted.Add((row, prepared));
        var step = isUnchanged ? PlanStep.Drift : prepared.Change switch
        {
            Backlog.Change.Created => PlanStep.Create,
            Backlog.Change.Adopted => PlanStep.Adopt,
            Backlog.Change.Restored => PlanStep.Restore,
            _ => PlanStep.Update,
        };
        var isKnown = false;
        var listed = step == PlanStep.Create ? null : Listed(prepared, out isKnown);
        if (isKnown && listed is null)
        {
            AddDeleted(number, row, prepared, request, step);
            return;
        }

        var differences = listed is null ? [] : Adoption.Differences(prepared.Operation.Endpoint!, request.Body, listed.Json);
        var details = differences.Select(one => $"{one.Field}: {TextOf(one.Is)} -> {TextOf(one.Becomes)}");
        if (step == PlanStep.Adopt) details = details.Prepend("matches, not linked so far");
        if (step == PlanStep.Restore) details = details.Prepend("was archived by this destination");
        if (isUnchanged && prepared.Change == Backlog.Change.Restored) details = details.Prepend("was archived in Clockify");
        else if (isUnchanged && differences.Count == 0)
        {
            _unchanged++;
            return;
        }

        var calls = prepared.AsListed is not null || (isUnchanged && _sync.Drift == Drift.Report) ? 0 : CallsOf(listed is not null && AppSettings.HasFewCalls(_destination.Credential) ? Preparation.Merged(prepared, listed.Json) : prepared, request);
        _rows.Add(new PlanRow(step, _sync.Object.Noun, LabelOf(request, listed), row.Key, IdOf(prepared), number, [.. details], calls));
    }

    /// <summary>Somebody deleted the object in Clockify. Delivery detects it by the answer to its first call.</summary>
    private void AddDeleted(int number, SyncRow row, Prepared prepared, RenderedRequest request, PlanStep step)
    {
        var decision = SyncDecision.Of(_destination.Links!, RecordOperation.Write, prepared.Link with { State = LinkState.Gone }, row.Hash, false, _now);
        var consequence = decision.Step switch { SyncStep.Create => "is created again", SyncStep.Refuse => "the record is quarantined", _ => "the record is ignored" };
        var calls = decision.Step == SyncStep.Create ? CallsOf(prepared, request) : 1;
        if (step == PlanStep.Drift) _rows.Add(Row(step, _sync.Drift == Drift.Report ? 0 : calls));
        else if (decision.Step == SyncStep.Create) _rows.Add(Row(PlanStep.Create, calls));
        else if (decision.Step == SyncStep.Refuse) AddError(number, row.Key, decision.Reason!);
        else _unchanged++;

        PlanRow Row(PlanStep shown, int needed) => new(shown, _sync.Object.Noun, LabelOf(request, null), row.Key, IdOf(prepared), number, [$"was deleted in Clockify: {consequence}"], needed);
    }

    /// <returns>A note for the person who reads the plan; null if there is none.</returns>
    private string? PlanVanished(int records, int withoutKey)
    {
        var verdict = RunVerdict.Of(_sync, records, withoutKey, records, null, true, _links.All(), _named.ContainsKey, _now);
        foreach (var (key, isExpired) in verdict.Vanished.Select(key => (key, false)).Concat(verdict.Expired.Select(key => (key, true))))
        {
            var link = _links.Find(key);
            var decision = SyncDecision.Of(_destination.Links!, RecordOperation.Vanish, link, 0, false, _now);
            if (decision.Step is not (SyncStep.Archive or SyncStep.Delete)) continue;
            var prepared = Preparation.Of(_destination, decision.Step, new SyncRow("", key, 0), link, new RawJson("{}"u8.ToArray()), Resolved.Nothing, _now);
            if (prepared.Rendered.Request is not { } request) continue;
            var listed = Listed(prepared, out _);
            _rows.Add(new PlanRow(decision.Step == SyncStep.Archive ? PlanStep.Archive : PlanStep.Delete, _sync.Object.Noun, LabelOf(request, listed), null, link.Id.ToString(), null, [isExpired ? "stayed archived for long enough" : "not in this run"], CallsOf(prepared, request)) { KeyHash = key });
        }

        return verdict.State switch
        {
            RunState.Blocked => string.Create(CultureInfo.InvariantCulture, $"{verdict.Vanished.Count:N0} of the linked objects would vanish, and {verdict.WhyBlocked}. The run waits until a person approves exactly {verdict.Vanished.Count}."),
            RunState.Empty => "The run has no records, so nothing vanishes.",
            _ => null,
        };
    }

    /// <param name="isKnown">Whether the list was read after the object was linked. Otherwise an object that is not in the list can exist.</param>
    private Listed? Listed(Prepared prepared, out bool isKnown)
    {
        isKnown = false;
        if ((prepared.FoundIn ?? Adoption.ListOf(_destination, prepared)) is not { } key) return null;
        if (_lists.Find(key) is not { IsWhole: true } list)
        {
            Ask(key);
            return null;
        }

        var listed = list.Find(prepared.Link.Id.ToString());
        isKnown = listed is not null || list.TakenAt - prepared.Link.At > TimeSpan.FromMinutes(1);
        return listed;
    }

    private string? LabelOf(RenderedRequest request, Listed? listed)
    {
        var label = !request.Body.IsEmpty && AnswerJson.Read(request.Body, JsonValueKind.Object) is { } body ? NaturalKey.Text(body, _sync.Object.Label) : "";
        if (label.Length == 0 && listed is not null) label = NaturalKey.Text(JsonElement.Parse(listed.Json.Utf8.Span), _sync.Object.Label);
        return label.Length > 0 ? label : null;
    }

    /// <returns>False if reading the list has failed.</returns>
    private bool Ask(ListKey list)
    {
        var need = NextPage(list);
        if (_lists.FailureOf(need) is not null) return false;
        _needs.Add(need);
        return true;
    }

    private Need.Page NextPage(ListKey list) => Need.Page.After(_lists.Find(list), list);

    private bool IsTaken(string id) => ObjectId.TryParse(id, out var found) && _links.KeyOf(found) is not null;

    private void AddError(int number, string? key, string reason) => _rows.Add(new PlanRow(PlanStep.Error, _sync.Object.Noun, null, key, null, number, [reason], 0));

    private static int CallsOf(Prepared prepared, RenderedRequest request) => (prepared.First is null ? 0 : 1) + (prepared.IsMerged ? 1 : CallSequence.Describe(prepared.Operation, request)?.Count ?? 1);

    private static string? IdOf(Prepared prepared) => prepared.Link.Id.IsNone ? null : prepared.Link.Id.ToString();

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "nothing" : value.GetRawText();
}
