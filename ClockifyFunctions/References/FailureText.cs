using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>
/// Writes the message for a name that does not stand for exactly one object: the name in the record, the candidates, and the remedy. It never suggests
/// a setting that the config already has.
/// </summary>
internal sealed class FailureText(Destination destination, IKnownLists lists)
{
    private const int MostShown = 5;

    public static string NoId(Lookup lookup, string value) => $"{lookup.Noun} \"{value}\" is not a Clockify id; an id has 24 hexadecimal digits.";

    public string NeedsParent(Reference reference, string value) =>
        $"{Named(reference, value)} cannot be searched, because the record names no {reference.Lookup.Parent!.Noun}. {Capital(FromOfParent(reference) is { } attribute ? $"give it the attribute '{attribute}'" : $"name the {reference.Lookup.Parent.Noun}")}, or leave '{reference.From.Text}' empty.";

    public static string UnknownKey(Reference reference, string value) =>
        $"{reference.Lookup.Noun} \"{value}\" is not a key that destination '{reference.Of}' has delivered. Send that record first, then replay this one.";

    public string Ambiguous(Reference reference, string value, IReadOnlyList<Listed> candidates, string? parent)
    {
        var list = string.Join(", ", candidates.Take(MostShown).Select(one => $"{one.Id}{Remark(reference.Lookup, one)}"));
        var more = candidates.Count > MostShown ? $" and {candidates.Count - MostShown} more" : "";
        return $"{Named(reference, value)} is one of {list}{more}. {AmbiguityRemedy(reference, parent)}";
    }

    public static string IsArchived(Reference reference, string value)
    {
        var remedies = new List<string>();
        if (!reference.Lookup.ArchivedIsRefused) remedies.Add("\"use\" uses it anyway");
        if (reference.Lookup.Restore is not null) remedies.Add("\"restore\" restores it");
        return $"{Named(reference, value)} is {reference.Lookup.Archived!.Word}{(reference.Lookup.ArchivedIsRefused ? " and Clockify refuses it" : "")}. {(remedies.Count > 0 ? $"references.{reference.Name}.archived = {string.Join(", ", remedies)}." : "Make it active in Clockify.")}";
    }

    public static string Omitted(Reference reference, string value) => $"{Named(reference, value)} does not exist, and the record is sent without it.";

    /// <summary>Returns null if no other parent contains an object of the name.</summary>
    public string? Elsewhere(Reference reference, ListKey key, string value, string? parent)
    {
        if (parent is null) return null;
        var inLists = key.Scope is null && lists.Find(key) is { } own ? [own] : lists.Others(key);
        var found = inLists.SelectMany(snapshot => snapshot.Match(reference.Member, value, static _ => true).Found).ToArray();
        if (found.Length == 0) return null;
        var names = found.Select(one => ParentName(reference.Lookup, one.Parent)).Distinct().Take(MostShown);
        return $"{Named(reference, value)} exists {string.Join(" and ", names.Select(name => name is null ? $"without a {reference.Lookup.Parent!.Noun}" : $"in {name}"))} but not in {ParentName(reference.Lookup, parent)}.";
    }

    public string Unresolved(Reference reference, ListKey key, string value, string? parent)
    {
        var place = parent is null ? "in this workspace" : $"in {reference.Lookup.Parent!.Noun} {ParentName(reference.Lookup, parent)}";
        var close = lists.Close(key, reference.Member, value);
        var create = reference.Lookup.Create is not null && reference.Slot is not { Place: SlotPlace.Items } ? $", or create it automatically with references.{reference.Name}.missing = \"create\"" : "";
        return $"{Named(reference, value)} does not exist {place}.{(close.Count > 0 ? $" Similar names: {string.Join(", ", close)}." : "")} Correct the {(reference.Member == "email" ? "e-mail address" : reference.Member)}{create}.";
    }

    public static string Named(Lookup lookup, string value) => $"{lookup.Noun} \"{value}\"";

    private static string Named(Reference reference, string value) => Named(reference.Lookup, value);

    private string AmbiguityRemedy(Reference reference, string? parent)
    {
        if (reference.Lookup.Parent is not { Says: { } says } || parent is not null) return "Give its id instead, or rename one of them in Clockify.";
        if (reference.Within is null) return $"Specify the {says} too: references.{reference.Name}.within = \"{says}\".";
        return FromOfParent(reference) is { } attribute ? $"Specify the {says} too, in the attribute '{attribute}'." : $"Specify the {says} too.";
    }

    private string? FromOfParent(Reference reference) => destination.References.FirstOrDefault(other => other.Name == reference.Within)?.From.Text;

    private string Remark(Lookup lookup, Listed one)
    {
        var remarks = new List<string>();
        if (lookup.Parent is not null) remarks.Add(ParentName(lookup, one.Parent) ?? $"without a {lookup.Parent.Noun}");
        if (one.IsArchived) remarks.Add(lookup.Archived!.Word);
        return remarks.Count > 0 ? $" ({string.Join(", ", remarks)})" : "";
    }

    /// <summary>Returns the parent's name in quotes, or its id if the name is not known. Returns null if there is no parent.</summary>
    private string? ParentName(Lookup lookup, string? parent)
    {
        if (parent is null) return null;
        if (parent == Resolver.NewId) return $"a new {lookup.Parent!.Noun}";
        var key = new ListKey(destination.WorkspaceId!, lookup.Parent!.Name);
        return lists.Find(key)?.Find(parent) is { } found ? $"\"{found.Names[0]}\"" : parent;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
