using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.References;

/// <summary>The reasons why objects were not created, so that many records with one name cause only one call. Thread-safe.</summary>
internal sealed class Refusals(TimeProvider time)
{
    /// <summary>The time after which the creation of a name is attempted again, and the time after which a list is used again for which the key had no permission.</summary>
    private static readonly TimeSpan OfName = TimeSpan.FromSeconds(60), OfList = TimeSpan.FromMinutes(15);

    private readonly Dictionary<Need.Create, (string Kind, string Message, long At)> _names = [];
    private readonly Dictionary<ListKey, (int Status, long At)> _lists = [];
    private readonly Lock _lock = new();

    /// <summary>Returns null if the creation may be attempted.</summary>
    public (string Kind, string Message)? Of(Need.Create create)
    {
        lock (_lock)
        {
            if (_names.TryGetValue(create, out var name) && time.GetElapsedTime(name.At) < OfName) return (name.Kind, name.Message);
            if (!_lists.TryGetValue(create.Key with { Scope = null }, out var list) || time.GetElapsedTime(list.At) >= OfList) return null;
            return (Failure.Unresolved, $"{FailureText.Named(create.Lookup, create.Name)} does not exist, and the key has no right to create one (status {list.Status}). Give the owner of the key the right, or create it in Clockify; then replay the record.");
        }
    }

    public void Add(Need.Create create, string kind, string message)
    {
        lock (_lock) _names[create] = (kind, message, time.GetTimestamp());
    }

    /// <summary>Notes that the key has no permission to create objects of the list.</summary>
    public void AddList(ListKey key, int status)
    {
        lock (_lock) _lists[key with { Scope = null }] = (status, time.GetTimestamp());
    }
}
