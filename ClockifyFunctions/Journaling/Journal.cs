using Azure.Storage.Blobs.Models;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Journaling;

/// <summary>The log of started and finished records, under <c>journal/{credential}/{destination}/</c>. Only the holder of the gate writes it.</summary>
/// <remarks>
/// Duplicates are recognized with the latest <see cref="SegmentsKept"/> segments, the segments of the last minutes, and the segments with records
/// that the cursor has not passed. Lines of postponed records are repeated before their segment is deleted.
/// </remarks>
/// <param name="keepMinutes">Must be longer than the lock of a message, because the second delivery of a message can be ingested that much later.</param>
internal sealed class Journal(BlobAccount account, string credential, string destination, long segmentBytes = 4 << 20, int keepMinutes = 15) : IHolderLogMemory<JournalLine>
{
    private const int SegmentsKept = 2;

    private readonly AppendLog _log = new(account.Journal, $"{credential}/{destination}/", rollAtBytes: segmentBytes);
    private LogPosition _cursor = LogPosition.Start;

    public JournalMemory Memory { get; private set; } = new();

    /// <inheritdoc cref="HolderLog{T}.IsSound"/>
    public bool IsSound => Lines.IsSound;

    private HolderLog<JournalLine> Lines => field ??= new HolderLog<JournalLine>(_log, JournalJson.Web.JournalLine, this);

    /// <summary>Reads the lines that were written since the last read. Only the holder of the gate may call this.</summary>
    /// <param name="lost">Canceled when the gate is lost.</param>
    public async Task OpenAsync(LogPosition cursor, CancellationToken lost)
    {
        Memory.BeginDrain(_cursor = cursor);
        var segments = await Lines.OpenAsync(lost);
        _cursor = LogPosition.Start;
        if (segments.Count > SegmentsKept) await DeleteOldAsync(segments, lost);
    }

    /// <inheritdoc cref="HolderLog{T}.Add"/>
    public void Add(JournalLine line) => Lines.Add(line);

    /// <inheritdoc cref="HolderLog{T}.AppendAsync"/>
    public Task AppendAsync(params IReadOnlyList<JournalLine> lines) => Lines.AppendAsync(lines);

    /// <inheritdoc cref="HolderLog{T}.Gather"/>
    public void Gather(Action begin) => Lines.Gather(begin);

    /// <inheritdoc cref="HolderLog{T}.FlushAsync"/>
    public Task FlushAsync() => Lines.FlushAsync();

    /// <inheritdoc cref="HolderLog{T}.CloseAsync"/>
    public Task CloseAsync() => Lines.CloseAsync();

    void IHolderLogMemory<JournalLine>.Note(JournalLine line, int segment) => Memory.Note(line, segment);

    void IHolderLogMemory<JournalLine>.Reset()
    {
        Memory = new JournalMemory();
        Memory.BeginDrain(_cursor);
    }

    /// <summary>The event of an outcome is omitted after the broker has accepted it.</summary>
    JournalLine IHolderLogMemory<JournalLine>.ToWrite(JournalLine line) => line.Event is null ? line : line with { Event = Memory.PendingEvent(line.Id) };

    /// <summary>Outcomes are final. The next holder decides about the other records and may already have started them.</summary>
    bool IHolderLogMemory<JournalLine>.IsFact(JournalLine line) => line.State.IsFinished;

    private async Task DeleteOldAsync(SortedDictionary<int, BlobItem> segments, CancellationToken cancel)
    {
        var (newest, old) = (segments.Keys.Last(), segments.Values.Last().Properties.LastModified - TimeSpan.FromMinutes(keepMinutes));
        var oldest = segments.Keys.First(number => number > newest - SegmentsKept || segments[number].Properties.LastModified > old || Memory.IsNeeded(number));
        if (segments.Keys.First() == oldest) return;
        await AppendAsync(Memory.PostponedBefore(oldest));
        Memory.ForgetBefore(oldest);
        await _log.DeleteBeforeAsync(oldest, cancel);
    }
}
