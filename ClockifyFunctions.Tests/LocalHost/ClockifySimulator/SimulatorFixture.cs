using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

/// <summary>A simulator with a stopped clock and without limits by default, and a client for it.</summary>
internal sealed class SimulatorFixture : IAsyncDisposable
{
    public const string W = $"/workspaces/{Seed.WorkspaceId}";

    private readonly HttpClient http = new();

    private SimulatorFixture(Simulator simulator, FakeTimeProvider time) => (Simulator, Time) = (simulator, time);

    public Simulator Simulator { get; }

    public FakeTimeProvider Time { get; }

    public static async Task<SimulatorFixture> StartAsync(SimulatorOptions? options = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 10, 8, 0, 0, TimeSpan.Zero));
        var unlimited = new SimulatorOptions { KeyWindows = [] };
        return new SimulatorFixture(
            await Simulator.StartAsync(options ?? unlimited, time, TestContext.Current.CancellationToken), time);
    }

    public static Task<SimulatorFixture> StartAsync(WorkspaceFlags flags) =>
        StartAsync(new SimulatorOptions { KeyWindows = [], Flags = flags });

    /// <summary>The body is an anonymous object, or text that is sent unchanged.</summary>
    public async Task<Reply> SendAsync(string method, string path, object? body = null, string? key = Seed.AdaKey)
    {
        using var request = Request(method, path, body);
        if (key is not null)
            request.Headers.Add("X-Api-Key", key);
        return await SendAsync(request);
    }

    public async Task<Reply> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Reply(
            (int)response.StatusCode,
            text,
            string.Join(", ", response.Content.Headers.Allow),
            response.Headers.RetryAfter?.ToString(),
            response.Headers.TryGetValues("Last-Page", out var last) ? last.Single() : null);
    }

    public HttpRequestMessage Request(string method, string path, object? body = null) =>
        new(new HttpMethod(method), Simulator.BaseAddress + path)
        {
            Content = body switch
            {
                null => null,
                string text => new StringContent(text, Encoding.UTF8, "application/json"),
                _ => JsonContent.Create(body),
            },
        };

    public async Task<string> CreateEntryAsync(string description, string key = Seed.AdaKey, string? end = null)
    {
        var reply = await SendAsync(
            "POST", $"{W}/time-entries", new { start = "2026-07-10T05:30:00Z", end, description }, key);
        Assert.Equal(201, reply.Status);
        return reply.Text("id");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Simulator.DisposeAsync();
    }

    internal sealed record Reply(int Status, string Raw, string Allow, string? RetryAfter, string? LastPage)
    {
        public JsonNode Json => JsonNode.Parse(Raw)!;

        public JsonArray List => Json.AsArray();

        /// <summary>The values of a member in the rows of a list.</summary>
        public string Texts(string member = "name") => string.Join('|', List.Select(row => (string?)row![member]));

        public string Text(string member) => Json[member]!.ToString();

        public void Is(int status, int code, string message)
        {
            Assert.Equal((status, code, message), (Status, Json["code"]!.GetValue<int>(), Text("message")));
        }

        public void Starts(int status, int code, string message)
        {
            Assert.Equal((status, code), (Status, Json["code"]!.GetValue<int>()));
            Assert.StartsWith(message, Text("message"), StringComparison.Ordinal);
        }
    }
}
