using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Sync;

/// <summary>
/// One complete load of a source: the keys that it named and its state, stored under <c>links/{credential}/{destination}/runs/{run}/</c>. Keys are
/// appended in groups, before the cursor moves past their records. Only the holder of the gate writes.
/// </summary>
internal sealed class Run(BlobAccount account, string credential, string destination, string name) : IHolderLogMemory<RunLine>
{
    private const int KeyBytes = 16, RecordBytes = 24;

    private readonly HashSet<UInt128> _named = [];

    /// <summary>Hashes of record ids: a record that is read again after a crash does not count twice.</summary>
    private readonly HashSet<ulong> _records = [];
    private readonly List<byte> _group = [];
    private readonly Lock _lock = new();
    private int _withoutKey;

    public string Name => name;

    public RunState State { get; private set; }

    /// <summary>The declared number of records; null if the run is not completed yet.</summary>
    public int? Expected { get; private set; }

    /// <summary>The number of objects that vanish or would vanish; null if not known yet.</summary>
    public int? Vanished { get; private set; }

    public DateTimeOffset? ChangedAt { get; private set; }

    /// <summary>The number of received records.</summary>
    public int Records
    {
        get { lock (_lock) return _records.Count; }
    }

    /// <summary>The number of records without a key.</summary>
    public int WithoutKey
    {
        get { lock (_lock) return _withoutKey; }
    }

    /// <summary>The number of different keys.</summary>
    public int Keys
    {
        get { lock (_lock) return _named.Count; }
    }

    private HolderLog<RunLine> Lines => field ??= new HolderLog<RunLine>(new AppendLog(account.Links, Prefix(credential, destination, name)), SyncJson.Web.RunLine, this);

    public static string Prefix(string credential, string destination, string name) => $"{credential}/{destination}/runs/{name}/";

    public Task OpenAsync(CancellationToken lost) => Lines.OpenAsync(lost);

    /// <summary>Counts a record. It is durable after <see cref="FlushAsync"/>.</summary>
    /// <param name="key">Null if the record has no key.</param>
    /// <returns>Whether another record of the run has named the key before.</returns>
    public bool Count(string recordId, UInt128? key)
    {
        var record = XxHash64.HashToUInt64(MemoryMarshal.AsBytes(recordId.AsSpan()));
        lock (_lock)
        {
            if (!_records.Add(record)) return false;
            Span<byte> bytes = stackalloc byte[RecordBytes];
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, key ?? 0);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[KeyBytes..], record);
            _group.AddRange(bytes);
            if (key is { } named) return !_named.Add(named);
            _withoutKey++;
            return false;
        }
    }

    public bool Names(UInt128 key)
    {
        lock (_lock) return _named.Contains(key);
    }

    /// <summary>Completes when all counted records are durable.</summary>
    public Task FlushAsync()
    {
        lock (_lock)
        {
            if (_group.Count == 0) return Lines.FlushAsync();
            var group = _group.ToArray();
            _group.Clear();
            return Lines.AppendAsync(new RunLine(group));
        }
    }

    /// <summary>Writes the state of the run.</summary>
    public async Task DecideAsync(RunState state, int records, int? vanished, DateTimeOffset now)
    {
        await FlushAsync();
        await Lines.AppendAsync(new RunLine(Records: records, State: state, Vanished: vanished, At: now));
    }

    void IHolderLogMemory<RunLine>.Note(RunLine line, int segment)
    {
        lock (_lock)
        {
            (State, Expected, Vanished, ChangedAt) = (line.State ?? State, line.Records ?? Expected, line.Vanished ?? Vanished, line.At ?? ChangedAt);
            for (var rest = line.Named.AsSpan(); rest.Length >= RecordBytes; rest = rest[RecordBytes..])
            {
                var isNew = _records.Add(BinaryPrimitives.ReadUInt64LittleEndian(rest[KeyBytes..]));
                if (BinaryPrimitives.ReadUInt128LittleEndian(rest) is var key && key != 0) _named.Add(key);
                else if (isNew) _withoutKey++;
            }
        }
    }

    void IHolderLogMemory<RunLine>.Reset()
    {
        lock (_lock)
        {
            _named.Clear();
            _records.Clear();
            _withoutKey = 0;
            (State, Expected, Vanished, ChangedAt) = (RunState.Open, null, null, null);
        }
    }

    RunLine IHolderLogMemory<RunLine>.ToWrite(RunLine line) => line;

    bool IHolderLogMemory<RunLine>.IsFact(RunLine line) => false;
}
