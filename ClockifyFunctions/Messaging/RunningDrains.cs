using System.Collections.Concurrent;

namespace ClockifyFunctions.Messaging;

/// <summary>The credentials that this process drains. A drain in the same process is woken for new records without a ticket.</summary>
/// <remarks>
/// No record is missed: a drain reads the backlogs once more after it has left this list. If the process crashes, the broker delivers the ticket of
/// the drain again.
/// </remarks>
internal sealed class RunningDrains
{
    private readonly ConcurrentDictionary<string, Entry> _running = new(StringComparer.Ordinal);

    /// <summary>Wakes the drain of a credential; false if this process runs none.</summary>
    public bool TryWake(string credential)
    {
        if (!_running.TryGetValue(credential, out var entry)) return false;
        entry.Wake();
        return true;
    }

    /// <param name="wake">Called when there are new records.</param>
    /// <returns>Dispose it when the drain ends.</returns>
    public IDisposable Begin(string credential, Action wake) => _running[credential] = new Entry(this, credential, wake);

    private sealed class Entry(RunningDrains drains, string credential, Action wake) : IDisposable
    {
        public void Wake() => wake();

        public void Dispose() => drains._running.TryRemove(new(credential, this));
    }
}
