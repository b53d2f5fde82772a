using System.Net.Sockets;
using System.Text;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Routes without a key give access to nothing else, in any spelling of their paths. The test writes raw requests, because HTTP clients normalize paths.</summary>
[Trait(Categories.Name, Categories.Security)]
[Trait(Categories.Name, Categories.Process)]
public sealed class OpenRouteTests : IAsyncLifetime
{
    private LocalStack _stack = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stack = await LocalStack.StartAsync(new LocalStackOptions(), NullLoggerFactory.Instance, Cancel);

    public ValueTask DisposeAsync() => _stack.DisposeAsync();

    [Fact]
    public async Task NoVariantOfAnOpenPathReachesAFunctionThatNeedsAKey()
    {
        string[] dots = ["..\\", "..%5c", "..%5C", "../", "..%2f", "..%2F", "%2e%2e/", "%2e%2e\\", "%252e%252e/", "%252e%252e%255c", ".%2e/", "%c0%ae%c0%ae/", "..;/", "./..\\", "x/../../", "x\\..\\..\\"];
        string[] targets = ["credentials", "destinations", "quarantine/_unrouted", "quarantine\\_unrouted", "quarantine%5c_unrouted", "openapi.json", "health/ready"];
        var paths = dots.SelectMany(dot => targets.SelectMany(target => new[] { $"/api/console/{dot}{target}", $"/api/console/assets/{dot}{dot}{target}", $"/api/health/live/{dot}{dot}{target}" }))
            .Concat(["/api/credentials", "/api/credentials/", "/API/Credentials", "//api/credentials", "/api//credentials", "/api/./credentials", "/api\\credentials", "/api/%63redentials", "/api/credentials?code=", "/api/credentials;x", "/api/console;/../credentials"])
            .ToArray();
        foreach (var path in paths)
        {
            var answer = await GetAsync(path);
            var status = answer.Split(' ')[1];
            Assert.True(status is "400" or "401" or "404", $"{path}: {answer}");
            Assert.DoesNotContain("fingerprint", answer, StringComparison.Ordinal);
        }

        // Verify that the open routes are open. Otherwise the responses above would prove nothing.
        Assert.StartsWith("HTTP/1.1 200", await GetAsync("/api/health/live"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", await GetAsync("/api/credentials", $"x-functions-key: {_stack.FunctionKey}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARequestThatBypassesTheHostFails()
    {
        // The worker connects to the host before it listens. The host answers this request after the worker has answered it.
        Assert.StartsWith("HTTP/1.1 200", await GetAsync("/api/health/live"), StringComparison.Ordinal);
        // Only the host knows the port of the worker, but a process on the same machine can find it.
        var ports = ListeningPorts(_stack.Hosts[0].Worker!.Id).Distinct().ToArray();
        Assert.NotEmpty(ports);
        foreach (var port in ports)
        {
            var answer = await GetAsync("/api/credentials", port: port);
            Assert.StartsWith("HTTP/1.1 500", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("fingerprint", answer, StringComparison.Ordinal);
        }
    }

    private async Task<string> GetAsync(string path, string headers = "", int? port = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port ?? _stack.Hosts[0].Address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port ?? _stack.Hosts[0].Address.Port}\r\nConnection: close\r\n{headers}\r\n"), Cancel);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, Cancel);
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>The listening sockets of the process, from /proc.</summary>
    private static IEnumerable<int> ListeningPorts(int process)
    {
        var sockets = Directory.EnumerateFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>()
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal)).Select(target => target[8..^1]).ToHashSet();
        const string listening = "0A";
        return File.ReadLines($"/proc/{process}/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == listening && sockets.Contains(fields[9]))
            .Select(fields => int.Parse(fields[1].Split(':')[1], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture));
    }
}
