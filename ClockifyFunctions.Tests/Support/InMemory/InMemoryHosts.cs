using System.Collections.Concurrent;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>The HTTP hosts that the instances of the app can reach.</summary>
internal sealed class InMemoryHosts
{
    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>There and back again, beside the time that the host itself takes.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(20);

    public Host Add(string authority, Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) => _hosts[authority] = new Host(answer);

    public Host Find(string authority) => _hosts.TryGetValue(authority, out var host) ? host : throw new HttpRequestException(HttpRequestError.NameResolutionError, $"There is no host {authority}.");

    internal sealed class Host(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer)
    {
        /// <summary>It refuses connections.</summary>
        public bool IsDown { get; set; }

        /// <summary>It takes requests, applies nothing and never answers.</summary>
        public bool Hangs { get; set; }

        public Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request) => answer(request);
    }
}
