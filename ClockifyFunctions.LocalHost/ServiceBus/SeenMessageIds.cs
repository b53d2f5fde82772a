namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Keeps message ids for a window that begins with the first message of each id. Not thread safe; the lock of the queue guards it.</summary>
internal sealed class SeenMessageIds(TimeSpan window)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, DateTimeOffset Until)> _order = new();

    /// <returns>False if a message with this id arrived within the window.</returns>
    public bool TryAdd(string id, DateTimeOffset now)
    {
        while (_order.TryPeek(out var oldest) && oldest.Until <= now)
            _ids.Remove(_order.Dequeue().Id);
        if (!_ids.Add(id))
            return false;
        _order.Enqueue((id, now + window));
        return true;
    }
}
