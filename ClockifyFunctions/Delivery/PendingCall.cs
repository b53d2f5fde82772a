using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Delivery;

/// <summary>One request between backlog and outcome, and the records it is for: one, or a batch in backlog order.</summary>
internal sealed record PendingCall(Lane Lane, IReadOnlyList<PendingRecord> Records, RenderedRequest Request)
{
    private string? _target;

    public bool IsBatch => Records.Count > 1;

    /// <summary>An earlier process may have sent it.</summary>
    public bool OutcomeUnknown => Records.Any(record => record.OutcomeUnknown);

    /// <summary>Calls to one target do not overtake each other; null where there is nothing to overtake. Without the method: an update and a delete of one object must not either.</summary>
    public string? Target => _target ??= Lane.Destination.CreatesOne ? ReadBack.KeyOf(this) : Request.Url.AbsoluteUri;

    public static PendingCall For(Destination destination, IReadOnlyList<PendingRecord> records) =>
        new(records[0].Lane, records, BatchBody.Combine(destination.Batching, [.. records.Select(record => record.Request)]));

    public IEnumerable<PendingCall> Halves()
    {
        var half = Records.Count / 2;
        yield return For(Lane.Destination, [.. Records.Take(half)]);
        yield return For(Lane.Destination, [.. Records.Skip(half)]);
    }
}
