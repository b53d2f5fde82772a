using System.Web;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>Latency and faults of the storage account for the instances of the app.</summary>
internal sealed class StorageCondition
{
    private readonly Lock _lock = new();
    private readonly List<(Func<string, bool> Matches, StorageFault Fault)> _next = [];

    /// <summary>Time from a request to its response.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>The fault of all requests, for example an outage. It applies until it is changed.</summary>
    public StorageFault Fault { get; set; }

    /// <summary>Number of faults from <see cref="Next"/> that have not been applied yet.</summary>
    public int Pending
    {
        get
        {
            lock (_lock) return _next.Count;
        }
    }

    /// <summary>Applies a fault to the next request that matches. The request is given in the form <c>PUT lease gates/default</c> or <c>GET backlog/default/entries/00000001</c>.</summary>
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
