using System.Web;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>How well the storage account answers the instances of the app.</summary>
internal sealed class StorageCondition
{
    private readonly Lock _lock = new();
    private readonly List<(Func<string, bool> Matches, StorageFault Fault)> _next = [];

    /// <summary>From a request to its answer.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>What happens to every request until it is changed: an outage, for example.</summary>
    public StorageFault Fault { get; set; }

    /// <summary>Faults of <see cref="Next"/> that no request has met yet.</summary>
    public int Pending
    {
        get
        {
            lock (_lock) return _next.Count;
        }
    }

    /// <summary>Something happens to the next request that matches. It is given as, for example, <c>PUT lease gates/default</c> or <c>GET backlog/default/entries/00000001</c>.</summary>
    public void Next(Func<string, bool> matches, StorageFault fault)
    {
        lock (_lock) _next.Add((matches, fault));
    }

    public StorageFault Take(HttpRequestMessage request)
    {
        lock (_lock)
        {
            if (_next.Count == 0) return Fault;
            var text = Describe(request);
            var found = _next.FindIndex(next => next.Matches(text));
            if (found < 0) return Fault;
            var fault = _next[found].Fault;
            _next.RemoveAt(found);
            return fault;
        }
    }

    private static string Describe(HttpRequestMessage request)
    {
        var operation = HttpUtility.ParseQueryString(request.RequestUri!.Query)["comp"];
        var name = Uri.UnescapeDataString(request.RequestUri.AbsolutePath.Split('/', 3)[2]);
        return operation is null ? $"{request.Method} {name}" : $"{request.Method} {operation} {name}";
    }
}
