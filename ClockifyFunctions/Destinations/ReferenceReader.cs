using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads a config's <c>references</c>.</summary>
internal sealed class ReferenceReader(DestinationConfig config, EndpointTemplate endpoint, IReadOnlyList<FieldSource> mapping, IReadOnlyDictionary<string, Credential> credentials, ICollection<Problem> problems)
{
    private static readonly string[] Members = ["from", "by", "of", "within", "missing", "archived", "split", "with"];

    private readonly IReadOnlyDictionary<string, JsonElement> _written = config.References ?? new Dictionary<string, JsonElement>();
    private readonly ReferenceFactory _factory = new(config, credentials, problems);

    /// <summary>Whether an endpoint has a reference of this name.</summary>
    public static bool Takes(EndpointTemplate endpoint, string name) => endpoint.Slots.Any(slot => slot.Name == name) || Parents(endpoint).ContainsKey(name);

    /// <summary>Reads the references, parents first.</summary>
    public IReadOnlyList<Reference> Read()
    {
        var references = new List<Reference>();
        var parents = Parents(endpoint);
        foreach (var (name, value) in _written)
        {
            var path = $"$.references.{name}";
            var slot = endpoint.Slots.FirstOrDefault(one => one.Name == name);
            if ((slot?.Lookup ?? parents.GetValueOrDefault(name)) is not { } lookup)
                problems.Add(new Problem(path, $"is not a reference of '{endpoint.Title}'; it has: {OrNone(endpoint.Slots.Select(one => one.Name).Concat(parents.Keys).Distinct())}."));
            else if (BrokenText.IsIn(value))
                problems.Add(new Problem(path, "contains an unpaired surrogate, which is not Unicode text."));
            else if (slot is { Place: SlotPlace.Items })
                references.AddRange(ReadItems(slot, value, path));
            else if (ReadConfig(value, path) is { } read && Read(name, lookup, slot, read, path) is { } reference)
                references.Add(reference);
        }

        return [.. references.OrderBy(reference => Rank(reference, references))];
    }

    /// <summary>Returns the kinds of parents of the objects in the slots, by the names that references use for them.</summary>
    private static Dictionary<string, Lookup> Parents(EndpointTemplate endpoint)
    {
        var parents = new Dictionary<string, Lookup>(StringComparer.Ordinal);
        foreach (var slot in endpoint.Slots)
            for (var parent = slot.Lookup.Parent; parent?.Says is { } says; parent = parent.Parent) parents.TryAdd(says, parent);
        return parents;
    }

    /// <summary>Returns the sort rank of a reference. Parents come before their children. References without a parent or children come last.</summary>
    private static int Rank(Reference reference, List<Reference> all)
    {
        var depth = 0;
        for (var parent = reference.Lookup.Parent; parent is not null; parent = parent.Parent) depth++;
        return depth > 0 || all.Exists(other => other.Within == reference.Name) ? depth : int.MaxValue;
    }

    private ReferenceConfig? ReadConfig(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String) return new ReferenceConfig { From = value.GetString() };
        try
        {
            if (value.ValueKind == JsonValueKind.Object && value.Deserialize(DestinationJson.Web.ReferenceConfig) is { } read) return read;
        }
        catch (JsonException wrong)
        {
            problems.Add(new Problem(path, $"is not understood: {wrong.Message}"));
            return null;
        }

        problems.Add(new Problem(path, "names no attribute; write \"Project\" or {\"from\": \"Project\", \"missing\": \"create\"}."));
        return null;
    }

    private Reference? Read(string name, Lookup lookup, ReferenceSlot? slot, ReferenceConfig read, string path)
    {
        var before = problems.Count;
        foreach (var unknown in read.Unknown?.Keys ?? Enumerable.Empty<string>()) Report($"{path}.{unknown}", $"is unknown; use {string.Join(", ", Members)}.");
        if (read.From is not { } from || !AttributePath.IsValid(from)) Report($"{path}.from", read.From is null ? "is missing; name the attribute that identifies the object." : $"'{read.From}' names no attribute.");
        if (lookup is { List: null } or { By.Count: 0 }) Report(path, $"cannot be looked up: Clockify has no list in which a {lookup.Noun} is found by name. Send its id.");
        if (slot is not null && mapping.Any(source => source.Field == slot.Field)) Report(path, $"and mapping both fill {slot.Field}; remove one of them.");
        if (slot is { Place: SlotPlace.Input } && (slot.Field == "id" ? config.IdFrom : config.Inputs?.GetValueOrDefault(slot.Field)) is not null)
            Report(path, $"and {(slot.Field == "id" ? "idFrom" : $"inputs.{slot.Field}")} both say which {lookup.Noun} is meant; remove one of them.");
        var by = ReadBy(lookup, read, path);
        var missing = ReadMissing(lookup, slot, by, read, path);
        var archived = ReadArchived(lookup, read, path);
        var within = ReadWithin(lookup, read, path);
        if (read.Split is { } split && (slot is not { Many: true } || split.Length == 0)) Report($"{path}.split", split.Length == 0 ? "is empty; write what separates the names, for example \";\"." : "is for references that take several names.");
        var parentId = lookup.IsListedByParent && within is null ? ReadParentId(lookup, path) : null;
        var creator = missing == WhenMissing.Create ? _factory.Creator(lookup, read.With, path) : null;
        var restorer = archived == WhenArchived.Restore ? _factory.Restorer(lookup, path) : null;
        if (problems.Count > before) return null;
        return new Reference(name, lookup)
        {
            From = new AttributePath(read.From!),
            Slot = slot,
            By = by,
            Member = by == ReferenceBy.Name && read.By is not null && lookup.By.Contains("name") ? "name" : lookup.By[0],
            Of = read.Of,
            Within = within,
            ParentId = parentId,
            Missing = missing,
            Archived = archived,
            Split = read.Split,
            Creator = creator,
            Restorer = restorer,
        };
    }

    /// <summary>Reads <c>{"Cost centre": "CC"}</c>: the name of each item, and the attribute that contains its value.</summary>
    private IEnumerable<Reference> ReadItems(ReferenceSlot slot, JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            Report(path, "is not an object; write {\"Cost centre\": \"CC\"}: the name of each, and the attribute with its value.");
            yield break;
        }

        if (mapping.Any(source => source.Field == slot.Field)) Report(path, $"and mapping both fill {slot.Field}; remove one of them.");
        foreach (var item in value.EnumerateObject())
        {
            var place = $"{path}.{item.Name}";
            if (ReadConfig(item.Value, place) is not { } read) continue;
            if (read with { From = null, Split = null } != new ReferenceConfig()) Report(place, "has only the members from and split.");
            else if (read.From is not { } from || !AttributePath.IsValid(from)) Report(place, "names no attribute; write the attribute that holds the value.");
            else if (string.IsNullOrWhiteSpace(item.Name)) Report(path, $"holds a {slot.Lookup.Noun} without a name.");
            else yield return new Reference($"{slot.Name}.{item.Name}", slot.Lookup) { From = new AttributePath(from), Constant = item.Name, Slot = slot, Member = slot.Lookup.By[0], Split = read.Split };
        }
    }

    private ReferenceBy ReadBy(Lookup lookup, ReferenceConfig read, string path)
    {
        var by = Choices.Read(read.By, ReferenceBy.Name, $"{path}.by", problems);
        if (by == ReferenceBy.Email && !lookup.By.Contains("email")) Report($"{path}.by", $"email is for users; a {lookup.Noun} has none.");
        if (by == ReferenceBy.Key && string.IsNullOrEmpty(read.Of)) Report($"{path}.of", "is missing; name the destination that synchronizes these objects.");
        if (by != ReferenceBy.Key && read.Of is not null) Report($"{path}.of", "is for by key.");
        return by;
    }

    private WhenMissing ReadMissing(Lookup lookup, ReferenceSlot? slot, ReferenceBy by, ReferenceConfig read, string path)
    {
        var missing = Choices.Read(read.Missing, WhenMissing.Reject, $"{path}.missing", problems);
        if (missing == WhenMissing.Create && lookup.Create is null) Report($"{path}.missing", $"create is not possible: a name does not make a {lookup.Noun}. Create it in Clockify, and use reject or omit.");
        else if (missing == WhenMissing.Create && by is ReferenceBy.Id or ReferenceBy.Key) Report($"{path}.missing", "create is for references by name.");
        if (missing == WhenMissing.Omit && slot is { Place: SlotPlace.Input }) Report($"{path}.missing", $"omit is not possible: the call cannot be addressed without {slot.Field}. Use reject.");
        if (read.With is not null && missing != WhenMissing.Create) Report($"{path}.with", "is for missing create.");
        return missing;
    }

    private WhenArchived ReadArchived(Lookup lookup, ReferenceConfig read, string path)
    {
        var archived = Choices.Read(read.Archived, lookup.ArchivedIsRefused ? WhenArchived.Reject : WhenArchived.Use, $"{path}.archived", problems);
        if (read.Archived is null) return archived;
        if (lookup.Archived is null) Report($"{path}.archived", $"has no effect: a {lookup.Noun} is never archived.");
        else if (archived == WhenArchived.Use && lookup.ArchivedIsRefused) Report($"{path}.archived", $"use is not possible: Clockify refuses an archived {lookup.Noun}. Write reject or restore.");
        else if (archived == WhenArchived.Restore && lookup.Restore is null) Report($"{path}.archived", $"restore is not possible for a {lookup.Noun}. Write reject or use.");
        return archived;
    }

    private string? ReadWithin(Lookup lookup, ReferenceConfig read, string path)
    {
        var parent = lookup.Parent?.Says;
        if (read.Within is { } within && (parent is null || within != parent)) Report($"{path}.within", parent is null ? $"has no effect: a {lookup.Noun} has no parent." : $"'{within}' is not the parent of a {lookup.Noun}; write {parent}.");
        else if (read.Within is { } named && !_written.ContainsKey(named)) Report($"{path}.within", $"'{named}' is not a reference of this destination; add references.{named}.");
        return lookup.IsListedByParent && parent is not null && _written.ContainsKey(parent) ? parent : read.Within;
    }

    private Template? ReadParentId(Lookup lookup, string path)
    {
        var within = lookup.Within!;
        if (endpoint.Inputs.Any(input => input.Name == within) || endpoint.Field(within) is not null) return IdSource(config, endpoint, mapping, within);
        Report(path, $"needs to know the {lookup.Parent?.Noun}; add references.{lookup.Parent?.Says}.");
        return null;
    }

    /// <summary>Returns the source of an id that no reference gives: an input or field of this name. Returns null if the call has none, or if it has no value.</summary>
    public static Template? IdSource(DestinationConfig config, EndpointTemplate endpoint, IReadOnlyList<FieldSource> mapping, string name)
    {
        // Problems with an input are reported where the URL is read.
        if (endpoint.Inputs.FirstOrDefault(one => one.Name == name) is { } input)
            return config.Inputs?.GetValueOrDefault(name) is { } given ? Template.Parse(given, TemplateKind.Segment, new Dictionary<string, Template>(), "", [])
                : input.From is { } from ? Template.Of(new AttributePath(from)) : null;
        if (mapping.FirstOrDefault(source => source.Field == name) is { } mapped) return mapped.From is { } attribute ? Template.Of(attribute) : Template.Constant(Macro.TryScalar(mapped.Value, out var text) ? text : "");
        return endpoint.Field(name) is not null ? Template.Of(new AttributePath(name)) : null;
    }

    private void Report(string path, string message) => problems.Add(new Problem(path, message));

    private static string OrNone(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } list ? list : "(none)";
}
