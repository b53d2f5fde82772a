using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sync;

/// <summary>The action for a record.</summary>
internal enum SyncStep
{
    /// <summary>No action: the object equals the record, or the record may not change it.</summary>
    Nothing,

    Create,

    /// <summary>A matching object is adopted. None is created.</summary>
    AdoptOnly,

    Update,

    /// <summary>The object was archived by this destination and is restored.</summary>
    Restore,

    Archive,
    Delete,

    /// <summary>The record is quarantined.</summary>
    Refuse,
}

/// <summary>Decides the action for a record by the link of its key. Pure. <see cref="Of"/> is a decision table.</summary>
/// <param name="Reason">The reason for a person; null unless the record is refused.</param>
internal readonly record struct SyncDecision(SyncStep Step, string? Reason = null)
{
    private static readonly SyncDecision Nothing = new(SyncStep.Nothing), Create = new(SyncStep.Create);

    /// <param name="hash">The hash of the record.</param>
    /// <param name="namedBefore">Another record of the same run has the same key.</param>
    public static SyncDecision Of(LinkRules rules, RecordOperation operation, Link link, UInt128 hash, bool namedBefore, DateTimeOffset now)
    {
        if (rules.Sync is not { } sync) return link.IsActive && now - link.At < rules.DedupeFor ? Nothing : Create;
        if (operation is RecordOperation.Delete or RecordOperation.Vanish) return OfTombstone(sync, operation, link);
        if (operation == RecordOperation.Repair && sync.Drift != Drift.Repair) return Refuse("The record requests a repair; set drift of the destination to repair, or remove the message's property operation.");
        return link.State switch
        {
            LinkState.Active or LinkState.Archived when sync.Mode == SyncMode.Insert => Nothing,
            LinkState.Active when operation == RecordOperation.Repair && sync.Update is not null => new(SyncStep.Update),
            LinkState.Active when link.Hash == hash => Nothing,
            LinkState.Active when namedBefore && sync.OnDoubleKey == OnDoubleKey.Reject =>
                Refuse($"Another record of this run has the same key and other content; it decided about object {link.Id}. Correct the source, or set onDoubleKey to last."),
            LinkState.Active => sync.Update is null ? Refuse($"The record has changed, and Clockify cannot change object {link.Id}. Delete the object there, or leave the record as it was.") : new(SyncStep.Update),
            LinkState.Archived => CanRestore(sync) ? new(SyncStep.Restore) : Refuse($"This destination archived object {link.Id}, and Clockify cannot restore it. Create the object under another key."),
            LinkState.Gone => OfGone(sync, link),
            _ => sync.Mode == SyncMode.Update ? new(SyncStep.AdoptOnly) : Create,
        };
    }

    private static SyncDecision OfTombstone(SyncRules sync, RecordOperation operation, Link link)
    {
        var deletes = sync.Vanished == Vanished.Delete || sync.Archive is null;
        return link.State switch
        {
            // The run decided that the object has been archived long enough.
            LinkState.Archived when deletes || operation == RecordOperation.Vanish => new(SyncStep.Delete),
            LinkState.Active when !deletes => new(SyncStep.Archive),
            LinkState.Active => sync.Delete is not null ? new(SyncStep.Delete) : Refuse("Clockify can neither archive nor delete such an object."),
            _ => Nothing,
        };
    }

    private static SyncDecision OfGone(SyncRules sync, Link link) => sync.Gone switch
    {
        WhenLinkIsGone.Recreate => sync.Mode == SyncMode.Update ? Refuse($"Object {link.Id} was deleted in Clockify, and mode update creates none.") : Create,
        WhenLinkIsGone.Reject => Refuse($"Object {link.Id} was deleted in Clockify. Set gone to recreate to create it again, or to forget to ignore its records."),
        _ => Nothing,
    };

    public static bool CanRestore(SyncRules sync) => sync.Restore is not null || (sync.Object.Archive is { Restore: not null } archive && archive.Endpoint == sync.Object.Update);

    private static SyncDecision Refuse(string reason) => new(SyncStep.Refuse, reason);
}
