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
/// <param name="line">The line of the record in the backlog.</param>
/// <param name="keyed">The key of the record; null for destinations that link no records to objects.</param>
internal sealed class PendingRecord(BacklogRecord record, CursorTracker.Line line, RecordState state, Keyed? keyed = null)
{
    public BacklogRecord Record => record;

    public CursorTracker.Line Line => line;

    public Keyed? Keyed => keyed;

    /// <summary>The change to make to the object of the record's key; null if the record has no key.</summary>
    public SyncDecision? Decision { get; set; }

    /// <summary>The id of the object of the record's key. Set when the links are written.</summary>
    public ObjectId ObjectId { get; set; }

    /// <summary>The result of step 4. It is ready, refused or unavailable when the delivery begins. The drain sets this property and the next two.</summary>
    public Resolution Resolution { get; set; } = Resolution.Ready.Nothing;

    /// <summary>The result of step 5, if the record is ready.</summary>
    public RenderResult Rendered { get; set; }

    /// <summary>The call for the object of the record's key; null if the record needs no call or has no key.</summary>
    public Prepared? Prepared { get; set; }

    /// <summary>The state of the record. Only <see cref="RecordDelivery"/> changes it.</summary>
    public RecordState State { get; set; } = state;

    /// <summary>The order of records of one target: the end of the record's line in the backlog when it was first read.</summary>
    public LogPosition Sequence => State.Sequence ?? line.End;
}

/// <summary>One request and its records: a single record, or a batch in backlog order.</summary>
internal sealed class PendingCall
{
    private readonly Action<bool> _waits;
    private bool _isWaiting;

    /// <param name="waits">Called with true when the call begins to wait for a permit, and with false when it stops waiting.</param>
    public PendingCall(Destination destination, IReadOnlyList<PendingRecord> records, Action<bool> waits)
    {
        (Records, Destination, _waits) = (records, records[0].Prepared?.Operation ?? destination, waits);
        // Records of one key keep their order, even if they need different calls.
        if (destination.Sync is not null && records[0].Keyed?.Row is { } row) Target = (ulong)row.KeyHash;
        if (records.Any(record => record.Rendered.Request is null)) return;
        Request = BatchBody.Combine(destination.Batching, [.. records.Select(record => record.Rendered.Request!)]);
        HashOfKey = NaturalKey.HashOf(Destination, Request);
        Target ??= Destination.CreatesOne ? HashOfKey : XxHash64.HashToUInt64(MemoryMarshal.AsBytes(Request.Url.AbsoluteUri.AsSpan()));
    }

    public IReadOnlyList<PendingRecord> Records { get; }

    /// <summary>The destination whose endpoint is called: the destination of the records, or one of its operations on the object of the key.</summary>
    public Destination Destination { get; }

    /// <summary>Null if the record could not be rendered or needs no call. Such a record is never part of a batch.</summary>
    public RenderedRequest? Request { get; }

    /// <inheritdoc cref="RecordState.HashOfKey"/>
    public ulong? HashOfKey { get; }

    /// <summary>
    /// A hash of the object that the call changes. Calls with equal targets keep their order. The hash does not include the method, because an update and
    /// a delete of one object must keep their order. For a destination with <c>sync</c>, it is the hash of the key. Null for a create that cannot be
    /// verified. If two targets have the same hash, their calls only wait for each other.
    /// </summary>
    public ulong? Target { get; }

    public PendingRecord First => Records[0];

    /// <summary>Whether the record needs no change to its object.</summary>
    public bool IsUnchanged => First.Decision is { Step: SyncStep.Nothing };

    public bool IsBatch => Records.Count > 1;

    public bool MayHaveArrived => Records.Any(record => record.State.MayHaveArrived);

    /// <summary>Whether a call for the records was sent.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Whether a request was sent and its answer was not read yet.</summary>
    public bool IsUnderWay { get; set; }

    /// <summary>Whether the call waits for a permit, or is being prepared and will then wait for one. Meanwhile the destination reads no further records.</summary>
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
