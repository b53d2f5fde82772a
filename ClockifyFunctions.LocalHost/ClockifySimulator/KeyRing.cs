using System.Collections.Concurrent;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Known credentials. The simulator responds to a revoked key as to an unknown key.</summary>
internal sealed class KeyRing
{
    private readonly ConcurrentDictionary<string, SimulatedKey> keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> revoked = new(StringComparer.Ordinal);

    public void Add(SimulatedKey key) => keys[key.Key] = key;

    public void Revoke(string key) => revoked[key] = true;

    public void Unrevoke(string key) => revoked.TryRemove(key, out _);

    public SimulatedKey? Find(string key) =>
        !revoked.ContainsKey(key) && keys.TryGetValue(key, out var found) ? found : null;

    public string NameOf(string key) => keys.TryGetValue(key, out var found) ? found.Name : "unknown";
}
