using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>
/// Step 4: finds the objects that a record names in the known lists of Clockify's objects. The resolver makes no calls. It returns the calls that are
/// needed, and runs again after they were made. A name is accepted only if exactly one object matches.
/// </summary>
internal sealed class Resolver
{
    /// <summary>A placeholder for the id of an object that delivery creates or makes active.</summary>
    public const string NewId = "000000000000000000000000";

    private readonly Destination _destination;
    private readonly JsonElement _record;
    private readonly IKnownLists _lists;
    private readonly Dictionary<string, IReadOnlyList<string>> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ItemKind> _items = new(StringComparer.Ordinal);
    private readonly List<Failure> _failures = [];
    private readonly List<Need> _needs = [], _changes = [];
    private readonly List<MatchNote> _notes = [];
    private readonly List<Problem> _warnings = [];
    private readonly List<(ListKey, string)> _used = [];
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);
    private readonly FailureText _text;
    private CallResult? _unavailable;

    private Resolver(Destination destination, JsonElement record, IKnownLists lists) =>
        (_destination, _record, _lists, _text) = (destination, record, lists, new FailureText(destination, lists));

    public static Resolution Resolve(Destination destination, JsonElement record, IKnownLists lists) =>
        !destination.NeedsLookups || record.ValueKind != JsonValueKind.Object ? Resolution.Ready.Nothing : new Resolver(destination, record, lists).Resolve();

    private Resolution Resolve()
    {
        foreach (var reference in _destination.References)
        {
            // If the parent failed or still has to be read, its own failure or need is sufficient.
            if (reference.Within is { } within && _stopped.Contains(within)) _stopped.Add(reference.Name);
            else Resolve(reference);
        }

        var zone = _destination.UsesUserZone && _failures.Count == 0 ? UserZone() : null;
        if (_needs.Count > 0) return new Resolution.Waits(_needs);
        if (_failures.Count > 0) return new Resolution.Refused(_failures);
        if (_unavailable is { } answer) return new Resolution.Unavailable(answer);
        var ready = new Resolution.Ready(new Resolved { Ids = _ids, Items = _items, UserZone = zone }, _notes, _warnings, _used);
        return _changes.Count > 0 ? new Resolution.Changes(_changes, ready) : ready;
    }

    private void Resolve(Reference reference)
    {
        if (NamesInRecord.Of(reference, _record, out var wrong) is not { } values)
        {
            Fail(reference, Failure.Invalid, wrong);
            return;
        }

        if (values.Count == 0) return;
        var parent = ParentOf(reference);
        if (reference.Lookup.IsListedByParent && !IsId(parent))
        {
            Fail(reference, parent is null ? Failure.Unresolved : Failure.Invalid, parent is null ? _text.NeedsParent(reference, values[0]) : FailureText.NoId(reference.Lookup.Parent!, parent));
            return;
        }

        var ids = new List<string>(values.Count);
        for (var index = 0; index < values.Count; index++)
            if (Find(reference, values[index], parent, index) is { } id && !ids.Contains(id, StringComparer.Ordinal)) ids.Add(id);
        if (ids.Count > 0) _ids[reference.Name] = ids;
    }

    private string? ParentOf(Reference reference) =>
        reference.Within is { } within ? _ids.TryGetValue(within, out var ids) ? ids[0] : null
        : reference.ParentId is { } from ? Text(from) : null;

    /// <summary>Returns null if the record does not contain the text.</summary>
    private string? Text(Template from) => from.EvaluateRaw(new RenderContext(_record, default, TimeZoneInfo.Utc, Resolved.Nothing), new List<Problem>()) is { Length: > 0 } text ? text : null;

    /// <returns>The id. Null if there is none yet; the need or the failure was added.</returns>
    private string? Find(Reference reference, string value, string? parent, int place)
    {
        if (Names.IsClockifyId(value)) return value;
        switch (reference.By)
        {
            case ReferenceBy.Id:
                return Fail(reference, Failure.Invalid, FailureText.NoId(reference.Lookup, value));
            case ReferenceBy.Key:
                return _lists.Keys.Find(_destination.Credential.Name, reference.Of!, value) switch
                {
                    ExternalKey.Linked linked => linked.Id,
                    ExternalKey.Unavailable unavailable => Fail(reference, Failure.Unresolved, unavailable.Why),
                    _ => Fail(reference, Failure.Unresolved, FailureText.UnknownKey(reference, value)),
                };
        }

        var key = new ListKey(_destination.WorkspaceId!, reference.Lookup.Name, reference.Lookup.IsListedByParent ? parent : null);
        // A parent that will be created contains no objects yet.
        if (parent == NewId) return Missing(reference, key, value, parent);
        if (_lists.Find(key) is not { } snapshot) return Ask(reference, Need.Page.After(null, key));
        var match = snapshot.Match(reference.Member, value, row => parent is null || key.Scope is not null || row.Parent == parent);
        if (NeedFor(reference, snapshot, match, value, parent) is { } need) return Ask(reference, need);
        if (match.Level == 0) return Missing(reference, key, value, parent);
        if (match.One is not { } one) return Fail(reference, Failure.Ambiguous, _text.Ambiguous(reference, value, match.Found, parent));
        if (one.IsArchived && reference.Archived == WhenArchived.Reject) return Fail(reference, Failure.Archived, FailureText.IsArchived(reference, value));
        if (one.IsArchived && reference.Archived == WhenArchived.Restore) AskOrFail(reference, new Need.Restore(key, one.Id) { Restorer = reference.Restorer! }, _changes);
        if (match.Level > 1) _notes.Add(new MatchNote(place == 0 ? reference.Name : $"{reference.Name}[{place}]", value, one.Names[IndexOf(reference)], one.Id));
        if (reference is { Slot.Place: SlotPlace.Items, Lookup.ItemValues: { } rule }) _items[reference.Name] = one.KindOf(rule);
        _used.Add((key, one.Id));
        return one.Id;
    }

    /// <summary>Returns the call that is needed before the match is certain; null if it is certain.</summary>
    private Need? NeedFor(Reference reference, Snapshot snapshot, Match match, string value, string? parent)
    {
        if (snapshot.IsWhole ? match.One is not null : match is { Level: 1, Found.Count: 1 } && reference.Lookup.Unique && reference.Member == reference.Lookup.By[0] && (reference.Lookup.Within is null || parent is not null)) return null;
        if (_lists.WasSearched(snapshot, reference.Member, value)) return null;
        return snapshot is { IsWhole: false, Pages: < Lists.MostPages } ? Need.Page.After(snapshot, snapshot.Key) : new Need.Search(snapshot.Key, reference.Member, value);
    }

    private string? Missing(Reference reference, ListKey key, string value, string? parent)
    {
        switch (reference.Missing)
        {
            case WhenMissing.Omit:
                _warnings.Add(new Problem(reference.From.JsonPath, FailureText.Omitted(reference, value)));
                return null;
            case WhenMissing.Create:
                var create = new Need.Create(key, NameForms.Tidy(value), parent) { Creator = reference.Creator! };
                if (_lists.WhyNotCreated(create) is { } refusal) return Fail(reference, refusal.Kind, refusal.Message);
                // An object can be created only after its parent exists, so it is created in the next pass.
                if (parent != NewId) AskOrFail(reference, create, _changes);
                return _stopped.Contains(reference.Name) ? null : NewId;
            default:
                return _text.Elsewhere(reference, key, value, parent) is { } elsewhere
                    ? Fail(reference, Failure.WrongParent, elsewhere)
                    : Fail(reference, Failure.Unresolved, _text.Unresolved(reference, key, value, parent));
        }
    }

    private string? Ask(Reference reference, Need need)
    {
        AskOrFail(reference, need, _needs);
        _stopped.Add(reference.Name);
        return null;
    }

    private void AskOrFail(Reference reference, Need need, List<Need> to)
    {
        if (_lists.FailureOf(need) is not { } answer)
        {
            if (!to.Contains(need)) to.Add(need);
            return;
        }

        _unavailable ??= answer;
        _stopped.Add(reference.Name);
    }

    private string? Fail(Reference reference, string kind, string message)
    {
        _failures.Add(new Failure(kind, reference.From, message));
        _stopped.Add(reference.Name);
        return null;
    }

    /// <summary>Finds the time zone of the user of the record: the user that the record names, otherwise the owner of the key.</summary>
    private TimeZoneInfo? UserZone()
    {
        string? id = null;
        if (_destination.References.FirstOrDefault(static reference => reference is { Lookup.Name: Users, Slot.Many: false }) is { } named)
        {
            if (!_ids.TryGetValue(named.Name, out var ids)) return null;
            id = ids[0];
        }
        else if (_destination.UserId is { } from)
        {
            id = Text(from);
            if (id is null) return null;
        }

        var key = new ListKey(_destination.WorkspaceId!, id is null ? Owner : Users);
        if (_lists.Find(key) is not { } snapshot)
        {
            AskForZone(Need.Page.After(null, key));
            return null;
        }

        var user = id is null ? snapshot.Rows is [var owner, ..] ? owner : null : snapshot.Find(id);
        if (user is null && !snapshot.IsWhole && snapshot.Pages < Lists.MostPages) AskForZone(Need.Page.After(snapshot, key));
        return user?.Zone;
    }

    private void AskForZone(Need need)
    {
        if (_lists.FailureOf(need) is { } answer) _unavailable ??= answer;
        else if (!_needs.Contains(need)) _needs.Add(need);
    }

    private const string Users = "users", Owner = "me";

    private static int IndexOf(Reference reference)
    {
        var index = 0;
        while (reference.Lookup.By[index] != reference.Member) index++;
        return index;
    }

    private static bool IsId(string? text) => text is not null && Names.IsClockifyId(text);
}
