using System.Diagnostics.CodeAnalysis;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The messages that are scheduled for later. Not thread safe; the lock of the queue guards it.</summary>
internal sealed class ScheduledMessages
{
    private readonly Dictionary<long, QueueMessage> _waiting = [];
    private readonly PriorityQueue<long, (DateTimeOffset Due, long SequenceNumber)> _order = new();

    public int Count => _waiting.Count;

    public IEnumerable<QueueMessage> Messages => _waiting.Values;

    public void Add(QueueMessage message, DateTimeOffset due)
    {
        _waiting[message.SequenceNumber] = message;
        _order.Enqueue(message.SequenceNumber, (due, message.SequenceNumber));
    }

    public bool Cancel(long sequenceNumber) => _waiting.Remove(sequenceNumber);

    public bool TryTakeDue(DateTimeOffset now, [NotNullWhen(true)] out QueueMessage? message)
    {
        if (NextDue() is { } due && due <= now)
            return _waiting.Remove(_order.Dequeue(), out message);
        message = null;
        return false;
    }

    public DateTimeOffset? NextDue()
    {
        while (_order.TryPeek(out var sequenceNumber, out var order))
        {
            if (_waiting.ContainsKey(sequenceNumber))
                return order.Due;
            _order.Dequeue();
        }
        return null;
    }
}
