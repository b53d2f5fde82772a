using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The messages that can be received, ordered by sequence number: one line for the queue, or one line per session. Not
/// thread safe; the lock of the queue guards it.
/// </summary>
internal sealed class ActiveMessages(bool bySession)
{
    private const string OnlyLine = "";

    private readonly Dictionary<string, SortedDictionary<long, QueueMessage>> _lines = new(StringComparer.Ordinal);
    // Entries of messages that were received earlier stay in the queue. NextExpiry skips them.
    private readonly PriorityQueue<(string Line, long SequenceNumber), DateTimeOffset> _expiries = new();

    public int Count { get; private set; }

    public IEnumerable<QueueMessage> Messages => _lines.Values.SelectMany(line => line.Values);

    public void Add(QueueMessage message)
    {
        var name = bySession ? message.SessionId! : OnlyLine;
        if (!_lines.TryGetValue(name, out var line))
            _lines[name] = line = [];
        line.Add(message.SequenceNumber, message);
        Count++;
        if (message.ExpiresAt is { } expiry)
            _expiries.Enqueue((name, message.SequenceNumber), expiry);
    }

    /// <param name="sessionId">Null if the queue has no sessions.</param>
    public bool TryTake(string? sessionId, [NotNullWhen(true)] out QueueMessage? message)
    {
        message = null;
        return _lines.TryGetValue(sessionId ?? OnlyLine, out var line)
            && TryTake(sessionId ?? OnlyLine, line.First().Key, out message);
    }

    public bool TryTakeExpired(DateTimeOffset now, [NotNullWhen(true)] out QueueMessage? message)
    {
        message = null;
        if (NextExpiry() is not { } next || next > now)
            return false;
        var (line, sequenceNumber) = _expiries.Dequeue();
        return TryTake(line, sequenceNumber, out message);
    }

    public DateTimeOffset? NextExpiry()
    {
        while (_expiries.TryPeek(out var entry, out var expiry))
        {
            if (_lines.TryGetValue(entry.Line, out var line) && line.ContainsKey(entry.SequenceNumber))
                return expiry;
            _expiries.Dequeue();
        }
        return null;
    }

    /// <summary>The unlocked session with the oldest first message. It examines every session, but only when a receiver accepts a session.</summary>
    public string? OldestSession(Func<string, bool> except) =>
        _lines.Keys.Where(name => !except(name)).MinBy(name => _lines[name].First().Key);

    private bool TryTake(string name, long sequenceNumber, [NotNullWhen(true)] out QueueMessage? message)
    {
        var line = _lines[name];
        if (!line.Remove(sequenceNumber, out message))
            return false;
        Count--;
        if (line.Count == 0)
            _lines.Remove(name);
        return true;
    }
}
