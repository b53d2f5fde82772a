using System.Collections.Concurrent;

namespace ClockifyFunctions.Delivery;

/// <summary>The credentials that this very process drains. Who has records for one of them calls it, and needs neither ticket nor look at the gate.</summary>
/// <remarks>
/// Nothing is overlooked: a drain looks at the backlogs once more after it has left this list. Should the process die, the ticket
/// of that drain comes to another one.
/// </remarks>
internal sealed class RunningDrains
{
    private readonly ConcurrentDictionary<string, WakeUp> _running = new(StringComparer.Ordinal);

    /// <summary>False when no drain of the credential runs here.</summary>
    public bool TryCall(string credential)
    {
        if (!_running.TryGetValue(credential, out var wakeUp)) return false;
        wakeUp.Call();
        return true;
    }

    public WakeUp Begin(string credential) => _running[credential] = new WakeUp();

    public void End(string credential) => _running.TryRemove(credential, out _);
}
