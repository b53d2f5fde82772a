using System.Collections.Concurrent;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>The HTTP hosts that the instances of the app can reach.</summary>
internal sealed class InMemoryHosts
{
    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The round-trip time, in addition to the processing time of the host.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    public Host Add(string authority, Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) => _hosts[authority] = new Host(answer);

    public Host Find(string authority) => _hosts.TryGetValue(authority, out var host) ? host : throw new HttpRequestException(HttpRequestError.NameResolutionError, $"Host {authority} does not exist.");

    internal sealed class Host(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer)
    {
        /// <summary>Whether the host refuses connections.</summary>
        public bool IsDown { get; set; }

        /// <summary>Whether the host accepts requests, applies nothing and never answers.</summary>
        public bool Hangs { get; set; }

        public Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request) => answer(request);
    }
}
