namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>What goes wrong with a request that fits.</summary>
internal enum Fault
{
    /// <summary>502 without doing anything.</summary>
    BadGateway,

    /// <summary>500 after doing it.</summary>
    ErrorAfterApplying,

    /// <summary>The connection breaks before anything is done.</summary>
    DropBefore,

    /// <summary>It is done, and the connection breaks before the answer.</summary>
    DropAfter,

    /// <summary>An empty 429 although the limit is kept.</summary>
    Throttle,
}

/// <summary>Faults still to come, each used once, in order.</summary>
internal sealed class Faults
{
    private readonly Lock _lock = new();
    private readonly List<(Func<HttpRequest, bool> Fits, Fault Fault)> _next = [];

    public void Next(Fault fault, Func<HttpRequest, bool>? fits = null)
    {
        lock (_lock) _next.Add((fits ?? (_ => true), fault));
    }

    public Fault? Take(HttpRequest request)
    {
        lock (_lock)
        {
            var index = _next.FindIndex(entry => entry.Fits(request));
            if (index < 0) return null;
            var fault = _next[index].Fault;
            _next.RemoveAt(index);
            return fault;
        }
    }
}
