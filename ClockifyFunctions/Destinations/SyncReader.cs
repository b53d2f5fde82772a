using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// Reads a config with <c>sync</c> to a destination that creates objects and to one destination for each other operation. All of them are read from
/// the same config, each with its own endpoint.
/// </summary>
internal sealed class SyncReader
{
    private const int MostDays = 3650, MostMinutes = 525_600;

    private readonly string _id;
    private readonly DestinationConfig _config;
    private readonly IReadOnlyDictionary<string, Credential> _credentials;
    private readonly ProblemList _problems;
    private readonly SyncObject _object;
    private Marker? _marker;

    private SyncReader(string id, DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials, ProblemList problems, SyncObject what) =>
        (_id, _config, _credentials, _problems, _object) = (id, config, credentials, problems, what);

    /// <summary>Null if there are problems.</summary>
    public static Destination? Read(string id, DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials, ProblemList problems)
    {
        if (SyncObject.All.TryGetValue(config.Sync!, out var what)) return new SyncReader(id, config, credentials, problems, what).Read();
        problems.Add(new Problem("$.sync", $"'{config.Sync}' is unknown; use {string.Join(", ", SyncObject.All.Keys)}."));
        return null;
    }

    /// <summary>The members that only a destination with <c>sync</c> has, and whether they are set.</summary>
    public static (string Name, bool IsSet)[] Members(DestinationConfig config) =>
    [
        ("key", config.Key is not null), ("mode", config.Mode is not null), ("adopt", config.Adopt is not null), ("changed", config.Changed is not null), ("vanished", config.Vanished is not null),
        ("deleteAfterDays", config.DeleteAfterDays is not null), ("limits", config.Limits is not null), ("marker", config.Marker is not null), ("gone", config.Gone is not null),
        ("onDoubleKey", config.OnDoubleKey is not null), ("graceMinutes", config.GraceMinutes is not null), ("drift", config.Drift is not null),
    ];

    private Destination? Read()
    {
        RefuseOtherMembers();
        var key = _config.Key is null ? null : LinkReader.ReadKey(_config.Key, "$.key", _problems);
        if (_config.Key is null) Report("key", "is missing; name what identifies a record in its source, for example {record.id}.");
        CheckNames();
        var rules = ReadRules(key);
        var create = Operation(_object.Create, null, key, key is null ? null : new LinkRules(key, LinkReader.HashOf(_config)) { Sync = rules, Ignored = (_config.ExcludeAttributes ?? []).ToHashSet(StringComparer.Ordinal) });
        return _problems.Count == 0 ? create : null;
    }

    private SyncRules ReadRules(Template? key)
    {
        var mode = Choices.Read(_config.Mode, SyncMode.Upsert, "$.mode", _problems);
        var isMirror = mode == SyncMode.Mirror;
        if (mode == SyncMode.Update && _object.Update is null) Report("mode", $"update is not possible: Clockify cannot change a {Name}.");
        var canMatch = _object.MatchesBy is not null;
        var adopt = Choices.Read(_config.Adopt, canMatch ? Adopt.Unique : Adopt.Never, "$.adopt", _problems);
        if (adopt == Adopt.Unique && !canMatch) Report("adopt", $"unique is not possible: Clockify does not tell one {Name} from another by its fields. Use never{(_object.Markers.Count > 0 ? " or marker" : "")}.");
        _marker = ReadMarker(key);
        if (adopt == Adopt.Marker && _marker is null) Report("adopt", "marker needs a marker; say where the key is kept.");
        var canKeep = _object.Update?.Merge is not null;
        var changed = Choices.Read(_config.Changed, canKeep ? ChangedFields.Mapped : ChangedFields.Whole, "$.changed", _problems);
        if (changed == ChangedFields.Mapped && !canKeep) Report("changed", $"mapped is not possible: Clockify does not answer a {Name} in the form in which it takes it. Use whole.");
        var vanished = Choices.Read(_config.Vanished, _object.Archive is null ? Vanished.Keep : Vanished.Archive, "$.vanished", _problems);
        if (vanished == Vanished.Archive && _object.Archive is null) Report("vanished", $"archive is not possible for a {Name}; use keep{(_object.Delete is null ? "" : " or delete")}.");
        if (vanished == Vanished.Delete && _object.Delete is null) Report("vanished", $"delete is not possible for a {Name}; use {(_object.Archive is null ? "keep" : "archive or keep")}.");
        foreach (var (name, isSet) in new[] { ("vanished", _config.Vanished is not null), ("deleteAfterDays", _config.DeleteAfterDays is not null), ("limits", _config.Limits is not null), ("graceMinutes", _config.GraceMinutes is not null) })
            if (isSet && !isMirror) Report(name, "is for mode mirror.");
        if (_config.DeleteAfterDays is not null && (vanished != Vanished.Archive || _object.Delete is null)) Report("deleteAfterDays", "is for vanished archive, and for objects that can be deleted.");
        var days = Ranges.Read(_config.DeleteAfterDays, 0, 1, MostDays, "$.deleteAfterDays", _problems);
        var drift = Choices.Read(_config.Drift, Drift.Ignore, "$.drift", _problems);
        if (drift != Drift.Ignore && !canKeep) Report("drift", $"is not possible: Clockify does not answer a {Name} in the form in which it takes it.");
        var archive = _object.Archive;
        return new SyncRules(_object)
        {
            Mode = mode,
            Adopt = adopt,
            Vanished = vanished,
            DeleteAfter = days > 0 ? TimeSpan.FromDays(days) : null,
            Limits = VanishLimitsConfig.Read(_config.Limits, _problems),
            Marker = _marker,
            Gone = Choices.Read(_config.Gone, WhenLinkIsGone.Recreate, "$.gone", _problems),
            OnDoubleKey = Choices.Read(_config.OnDoubleKey, OnDoubleKey.Reject, "$.onDoubleKey", _problems),
            Grace = TimeSpan.FromMinutes(Ranges.Read(_config.GraceMinutes, 0, 0, MostMinutes, "$.graceMinutes", _problems)),
            Drift = drift,
            Update = _object.Update is null ? null : Operation(_object.Update, new LinkedOperation(), key, merges: canKeep && changed == ChangedFields.Mapped),
            Archive = archive is null ? null : Operation(archive.Endpoint, new LinkedOperation(_object.Parent, archive.Set), key),
            Restore = archive?.Restore is { } restore && archive.Endpoint != _object.Update ? Operation(archive.Endpoint, new LinkedOperation(_object.Parent, restore), key) : null,
            Delete = _object.Delete is null ? null : Operation(_object.Delete, new LinkedOperation(_object.Parent), key),
        };
    }

    /// <summary>The destination for one endpoint. Fields that only other endpoints of the object have are excluded.</summary>
    private Destination? Operation(EndpointTemplate endpoint, LinkedOperation? linked, Template? key, LinkRules? links = null, bool merges = false)
    {
        var hasRecord = linked?.Body is null && endpoint.TakesBody;
        var config = _config with
        {
            Sync = null,
            Method = null,
            Url = null,
            Headers = null,
            ContentType = null,
            BodyTemplate = null,
            IdFrom = null,
            Batching = null,
            WhenGone = null,
            Endpoint = endpoint.Name,
            Inputs = _config.Inputs?.Where(input => endpoint.Inputs.Any(known => known.Name == input.Key)).ToDictionary(StringComparer.Ordinal),
            Mapping = hasRecord ? _config.Mapping?.Where(field => endpoint.Field(field.Key) is not null).ToDictionary(StringComparer.Ordinal) : null,
            References = hasRecord ? ReferencesOf(endpoint, key) : null,
            ExcludeAttributes = [.. _config.ExcludeAttributes ?? [], .. Others(endpoint), .. key is null ? [] : LinkReader.NotSent(key, endpoint)],
            Timers = endpoint.TimerFields > 0 ? _config.Timers : null,
            UpdateMode = merges || (linked?.Body is not null && endpoint.Merge is not null) ? "merge" : null,
            ArchiveFirst = endpoint.Archive is not null ? true : null,
            Validation = linked?.Body is null ? _config.Validation : "off",
            OnUnknown = linked is null ? _config.OnUnknown : null,
        };
        var reader = new DestinationReader(_id, config, _credentials) { Linked = linked, Links = links };
        var destination = reader.Read();
        foreach (var problem in reader.Problems)
            if (!_problems.Contains(problem)) _problems.Add(problem);
        return destination;
    }

    /// <summary>A custom field that contains the key is an ordinary reference.</summary>
    private Dictionary<string, JsonElement>? ReferencesOf(EndpointTemplate endpoint, Template? key)
    {
        var references = _config.References?.Where(reference => ReferenceReader.Takes(endpoint, reference.Key)).ToDictionary(StringComparer.Ordinal);
        if (_marker?.CustomField is not { } name || key is not { Parts: [{ Macro: Macro.Attribute { Path.Text: var source } }] }) return references;
        references ??= [];
        var items = references.GetValueOrDefault(_marker.Field) is { ValueKind: JsonValueKind.Object } given ? given.EnumerateObject().ToDictionary(item => item.Name, item => item.Value) : [];
        items.TryAdd(name, JsonSerializer.SerializeToElement(source, DestinationJson.Web.String));
        references[_marker.Field] = JsonSerializer.SerializeToElement(items, DestinationJson.Web.DictionaryStringJsonElement);
        return references;
    }

    /// <summary>Attributes that only other endpoints of the object have.</summary>
    private IEnumerable<string> Others(EndpointTemplate endpoint)
    {
        var references = (_config.References ?? new Dictionary<string, JsonElement>()).Where(reference => !ReferenceReader.Takes(endpoint, reference.Key)).Select(reference => reference.Value);
        var mapped = (_config.Mapping ?? new Dictionary<string, JsonElement>()).Where(field => endpoint.Field(field.Key) is null).Select(field => field.Value);
        return OtherAttributes(endpoint).Concat(references.Concat(mapped).SelectMany(SourcesIn).Where(name => endpoint.Field(name) is null)).Where(AttributePath.IsValid).Distinct();
    }

    /// <summary>Returns the attributes that a mapping or a reference uses.</summary>
    private static IEnumerable<string> SourcesIn(JsonElement written) => written.ValueKind switch
    {
        JsonValueKind.String => [LinkReader.RootOf(written.GetString()!)],
        JsonValueKind.Object => written.EnumerateObject().Where(member => member.Name is "from" or "date" or "time" && member.Value.ValueKind == JsonValueKind.String).Select(member => LinkReader.RootOf(member.Value.GetString()!)),
        _ => [],
    };

    private IEnumerable<string> OtherAttributes(EndpointTemplate endpoint) =>
        Bodies.SelectMany(other => other.Fields.Select(field => field.Name).Concat(other.Inputs.Select(input => input.From).OfType<string>()))
            .Except(endpoint.Fields.Select(field => field.Name)).Except(endpoint.Inputs.Select(input => input.From).OfType<string>());

    private IEnumerable<EndpointTemplate> Bodies => new[] { _object.Create, _object.Update }.OfType<EndpointTemplate>();

    /// <summary>Reports fields, references and inputs that no endpoint of the object has.</summary>
    private void CheckNames()
    {
        var fields = Bodies.SelectMany(endpoint => endpoint.Fields).Select(field => field.Name).Distinct().ToArray();
        foreach (var name in (_config.Mapping?.Keys ?? []).Except(fields)) Report($"mapping.{name}", $"is not a field of a {Name}; it has: {string.Join(", ", fields)}.");
        var references = Bodies.SelectMany(endpoint => endpoint.Slots).Select(slot => slot.Name).Distinct().ToArray();
        foreach (var name in (_config.References?.Keys ?? []).Where(name => !Bodies.Any(endpoint => ReferenceReader.Takes(endpoint, name)))) Report($"references.{name}", $"is not a reference of a {Name}; it has: {string.Join(", ", references)}.");
        var inputs = new[] { _object.Create, _object.Update, _object.Delete, _object.Archive?.Endpoint }.OfType<EndpointTemplate>().SelectMany(endpoint => endpoint.Inputs).Select(input => input.Name).Distinct().ToArray();
        foreach (var name in (_config.Inputs?.Keys ?? []).Except(inputs)) Report($"inputs.{name}", $"is not an input for a {Name}; it has: {string.Join(", ", inputs)}.");
    }

    private Marker? ReadMarker(Template? key)
    {
        var written = _config.Marker;
        var (kind, customField) = written switch
        {
            null => ("none", null),
            { ValueKind: JsonValueKind.String } text => (text.GetString()!, null),
            { ValueKind: JsonValueKind.Object } named when named.EnumerateObject().Count() == 1 && named.TryGetProperty("customField", out var name) && name.ValueKind == JsonValueKind.String => ("customField", name.GetString()),
            _ => ("", (string?)null),
        };
        if (kind == "none") return null;
        if (customField is not null && key is { Parts: not [{ Macro: Macro.Attribute }] }) Report("marker", "a custom field needs a key that is one attribute.");
        if (_object.Markers.TryGetValue(kind, out var field) && (kind == "customField") == (customField is not null)) return new Marker(field, customField);
        var known = _object.Markers.Keys.Select(name => name == "customField" ? "{\"customField\": \"name\"}" : name);
        Report("marker", _object.Markers.Count == 0 ? $"is not possible: no field of a {Name} can carry a key." : $"is not possible here; a {Name} takes: none, {string.Join(", ", known)}.");
        return null;
    }

    private void RefuseOtherMembers()
    {
        (string Name, bool IsSet)[] others =
        [
            ("endpoint", _config.Endpoint is not null), ("method", _config.Method is not null), ("url", _config.Url is not null), ("headers", _config.Headers is not null), ("contentType", _config.ContentType is not null),
            ("bodyTemplate", _config.BodyTemplate is not null), ("idFrom", _config.IdFrom is not null), ("batching", _config.Batching is not null), ("updateMode", _config.UpdateMode is not null),
            ("archiveFirst", _config.ArchiveFirst is not null), ("whenGone", _config.WhenGone is not null), ("dedupeBy", _config.DedupeBy is not null), ("dedupeDays", _config.DedupeDays is not null),
        ];
        foreach (var (name, isSet) in others)
            if (isSet) Report(name, "is not for destinations with sync; leave it out.");
    }

    private string Name => _object.Noun;

    private void Report(string member, string message)
    {
        var problem = new Problem($"$.{member}", message);
        if (!_problems.Contains(problem)) _problems.Add(problem);
    }
}
