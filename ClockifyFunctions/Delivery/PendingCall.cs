using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>One request between backlog and outcome, and the records it is for: one, or a batch in backlog order.</summary>
internal sealed record PendingCall(Lane Lane, IReadOnlyList<PendingRecord> Records, RenderedRequest Request)
{
    private int? _target;
    private ulong? _hashOfKey;

    public bool IsBatch => Records.Count > 1;

    /// <summary>Handed over to be sent; what becomes of it is no longer its lane's concern.</summary>
    public bool IsBegun { get; set; }

    /// <summary>An earlier process may have sent it.</summary>
    public bool OutcomeUnknown { get; } = Records.Any(static record => record.OutcomeUnknown);

    /// <inheritdoc cref="NaturalKey.HashOf"/>
    public ulong? HashOfKey => _hashOfKey ??= NaturalKey.HashOf(Lane.Destination, Request);

    /// <summary>
    /// A hash of what the call is about: calls with one target do not overtake each other; null where there is nothing to overtake. Without the
    /// method: an update and a delete of one object must not either. Two targets with one hash only wait for each other.
    /// </summary>
    public int? Target => _target ??= Lane.Destination.CreatesOne ? HashOfKey?.GetHashCode() : Request.Url.AbsoluteUri.GetHashCode(StringComparison.Ordinal);

    /// <summary>The records were certainly not applied: they stay in the backlog, as if they had not been read.</summary>
    public void Release()
    {
        foreach (var record in Records) Lane.Journal.Add(new JournalEntry(record.Record.Key, JournalKind.Released, record.Place.Next));
    }

    /// <summary>With what goes before it, and if it is in doubt what tells whether it arrived (on the first page of a list, looked at twice).</summary>
    public int CallsAtMost =>
        (Lane.Destination.UpdateMode == UpdateMode.Merge ? 2 : Lane.Destination.ArchiveFirst ? 3 : 1)
        + (Lane.Destination is { WhenGone: WhenGone.Delivered, Endpoint: not null } && Lane.Destination.Method == HttpMethod.Delete ? 1 : 0)
        + (OutcomeUnknown && Lane.Destination is { CanReadBack: true, OnUnknown: OnUnknown.Verify } ? 3 : 0);

    public static PendingCall For(Destination destination, IReadOnlyList<PendingRecord> records) =>
        new(records[0].Lane, records, BatchBody.Combine(destination.Batching, [.. records.Select(record => record.Request)]));

    public IEnumerable<PendingCall> Halves()
    {
        var half = Records.Count / 2;
        yield return For(Lane.Destination, [.. Records.Take(half)]);
        yield return For(Lane.Destination, [.. Records.Skip(half)]);
    }
}
