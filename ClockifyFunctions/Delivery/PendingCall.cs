using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.Delivery;

/// <summary>A record that was read from the backlog and is to be delivered.</summary>
/// <param name="line">Its place in the backlog.</param>
/// <param name="keyed">Its key; null for destinations that link no records to objects.</param>
internal sealed class PendingRecord(BacklogRecord record, CursorTracker.Line line, RecordState state, Keyed? keyed = null)
{
    public BacklogRecord Record => record;

    public CursorTracker.Line Line => line;

    public Keyed? Keyed => keyed;

    /// <summary>What is to be done to the object of its key; null for a record that has none.</summary>
    public SyncDecision? Decision { get; set; }

    /// <summary>The object of its key, once the record is done.</summary>
    public ObjectId ObjectId { get; set; }

    /// <summary>What step 4 found: ready, refused or unavailable when its delivery begins. Set by <see cref="LaneTurn"/>, as the next ones.</summary>
    public Resolution Resolution { get; set; } = Resolution.Ready.Nothing;

    /// <summary>What step 5 made of it, if it is ready.</summary>
    public RenderResult Rendered { get; set; }

    /// <summary>The call for the object of its key; null: no call, or no key.</summary>
    public Prepared? Prepared { get; set; }

    /// <summary>Changed by <see cref="RecordDelivery"/> only.</summary>
    public RecordState State { get; set; } = state;

    /// <summary>The order of records of one target: where the record ended in the backlog when it was read first.</summary>
    public LogPosition Sequence => State.Sequence ?? line.End;
}

/// <summary>One request and the records it is for: one, or a batch in backlog order.</summary>
internal sealed class PendingCall
{
    private readonly Action<bool> _waits;
    private bool _isWaiting;

    /// <param name="waits">Called when the call begins to wait for a permit, and when it does not wait any more.</param>
    public PendingCall(Destination destination, IReadOnlyList<PendingRecord> records, Action<bool> waits)
    {
        (Records, Destination, _waits) = (records, records[0].Prepared?.Operation ?? destination, waits);
        // Records of one key keep their order, whichever call they cause.
        if (destination.Sync is not null && records[0].Keyed?.Row is { } row) Target = (ulong)row.KeyHash;
        if (records.Any(record => record.Rendered.Request is null)) return;
        Request = BatchBody.Combine(destination.Batching, [.. records.Select(record => record.Rendered.Request!)]);
        HashOfKey = NaturalKey.HashOf(Destination, Request);
        Target ??= Destination.CreatesOne ? HashOfKey : XxHash64.HashToUInt64(MemoryMarshal.AsBytes(Request.Url.AbsoluteUri.AsSpan()));
    }

    public IReadOnlyList<PendingRecord> Records { get; }

    /// <summary>The one whose endpoint is called: that of the records, or of an operation on the object of their key.</summary>
    public Destination Destination { get; }

    /// <summary>Null if a record could not be rendered, or needs no call; it stands alone then.</summary>
    public RenderedRequest? Request { get; }

    /// <inheritdoc cref="RecordState.HashOfKey"/>
    public ulong? HashOfKey { get; }

    /// <summary>
    /// A hash of what the call changes: calls of one target keep their order. It leaves the method out, because an update and a delete of one object
    /// must keep theirs. Of a destination that synchronizes it is the key. Null for a create that cannot be verified. Two targets with one hash only wait for each other.
    /// </summary>
    public ulong? Target { get; }

    public PendingRecord First => Records[0];

    /// <summary>Nothing is to be done for its record.</summary>
    public bool IsUnchanged => First.Decision is { Step: SyncStep.Nothing };

    public bool IsBatch => Records.Count > 1;

    public bool MayHaveArrived => Records.Any(record => record.State.MayHaveArrived);

    /// <summary>A call for it has left.</summary>
    public bool HasBegun { get; set; }

    /// <summary>A request has left and was not answered yet.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Whether the call waits for a permit, or will do so as soon as it is prepared: then its destination reads no further.</summary>
    public bool IsWaiting
    {
        get => _isWaiting;
        set
        {
            if (_isWaiting == value) return;
            _isWaiting = value;
            _waits(value);
        }
    }

    public IEnumerable<PendingCall> Halves(Destination destination)
    {
        var half = Records.Count / 2;
        yield return new PendingCall(destination, [.. Records.Take(half)], _waits) { HasBegun = true };
        yield return new PendingCall(destination, [.. Records.Skip(half)], _waits) { HasBegun = true };
    }
}
