using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>A stand-in for the Clockify API: the endpoints the app uses, a strict limit per key, and a ledger of what arrived.</summary>
internal sealed class Simulator : IAsyncDisposable
{
    private readonly SimulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeEntryStore _entries;
    private readonly Dictionary<string, (SlidingWindowLimiter Limiter, string UserId)> _keys = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _revoked = new(StringComparer.Ordinal);
    private readonly Lock _arriving = new();
    private WebApplication? _server;

    private Simulator(SimulatorOptions options, TimeProvider time)
    {
        (_options, _time, _entries) = (options, time, new TimeEntryStore(time));
        foreach (var (key, user) in options.Keys.Append(KeyValuePair.Create(Seed.Key, Seed.UserId)))
            _keys[key] = (new SlidingWindowLimiter(options.Permits, options.Period), user);
    }

    public Ledger Ledger { get; } = new();

    public Faults Faults { get; } = new();

    public Uri BaseAddress { get; private set; } = null!;

    public static async Task<Simulator> StartAsync(SimulatorOptions options, TimeProvider time)
    {
        var simulator = new Simulator(options, time);
        await simulator.StartListeningAsync(options.Port);
        return simulator;
    }

    /// <summary>The API refuses the key with 401 until <see cref="Unrevoke"/>.</summary>
    public void Revoke(string key) => _revoked[key] = true;

    public void Unrevoke(string key) => _revoked.TryRemove(key, out _);

    /// <summary>Nobody listens any more; the state stays.</summary>
    public async Task StopListeningAsync()
    {
        if (_server is { } server) await server.DisposeAsync();
        _server = null;
    }

    /// <summary>Listens again, on the same port as before.</summary>
    public Task StartListeningAsync() => StartListeningAsync(BaseAddress.Port);

    public ValueTask DisposeAsync() => new(StopListeningAsync());

    private async Task StartListeningAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var server = builder.Build();
        server.Use(ArriveAsync);
        server.MapGet("/api/v1/user", context => WriteAsync(context, new(200, new JsonObject { ["id"] = UserOf(context), ["name"] = "Simulated User", ["email"] = "user@example.com", ["activeWorkspace"] = Seed.WorkspaceId, ["defaultWorkspace"] = Seed.WorkspaceId })));
        server.MapPost("/api/v1/workspaces/{workspace}/time-entries", CreateEntryAsync);
        server.MapGet("/api/v1/workspaces/{workspace}/user/{user}/time-entries", context => WriteAsync(context, _entries.List(
            (string)context.Request.RouteValues["user"]!, context.Request.Query["description"], Number(context, "page", 1), Number(context, "page-size", 50))));
        server.MapFallback(context => WriteAsync(context, TimeEntryStore.Error(404, 3000, $"No static resource {context.Request.Path.Value?.TrimStart('/')}.")));
        await server.StartAsync();
        _server = server;
        BaseAddress = new Uri($"{server.Urls.First()}/api/v1");
    }

    /// <summary>Judges the arrival before anything else costs time: key, limit, faults.</summary>
    private async Task ArriveAsync(HttpContext context, RequestDelegate next)
    {
        var key = context.Request.Headers["X-Api-Key"].ToString();
        var known = _keys.TryGetValue(key, out var registered) && !_revoked.ContainsKey(key);
        bool throttled;
        lock (_arriving)
        {
            var at = _time.GetElapsedTime(0);
            throttled = known && !registered.Limiter.TryTake(at);
            if (known) Ledger.Add(new Ledger.Arrival(at, key, context.Request.Method, context.Request.Path, throttled));
        }

        if (!known)
        {
            await WriteAsync(context, key.Length == 0
                ? TimeEntryStore.Error(401, 1000, "Multiple or none auth tokens present")
                : TimeEntryStore.Error(401, 4003, "Api key does not exist"));
            return;
        }

        var fault = Faults.Take(context.Request);
        if (throttled || fault == Fault.Throttle)
        {
            context.Response.StatusCode = 429; // The real one comes from the CDN: no body, no Retry-After.
            return;
        }

        switch (fault)
        {
            case Fault.BadGateway:
                context.Response.StatusCode = 502;
                return;
            case Fault.DropBefore:
                context.Abort();
                return;
            case Fault.DropAfter:
                await WithoutAnswerAsync(context, next);
                context.Abort();
                return;
            case Fault.ErrorAfterApplying:
                await WithoutAnswerAsync(context, next);
                context.Response.Clear();
                context.Response.StatusCode = 500;
                return;
            default:
                await next(context);
                return;
        }
    }

    private static async Task WithoutAnswerAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await next(context);
        context.Response.Body = body;
    }

    private async Task CreateEntryAsync(HttpContext context)
    {
        if ((string)context.Request.RouteValues["workspace"]! != Seed.WorkspaceId)
        {
            context.Response.StatusCode = 404; // An unknown workspace answers with an empty body.
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var answer = _entries.Create(UserOf(context), await reader.ReadToEndAsync());
        if (answer is { Status: 201, Body: { } entry })
            Ledger.Add(new Ledger.CreatedEntry(entry["id"]!.GetValue<string>(), context.Request.Headers["X-Api-Key"].ToString(), entry["description"]!.GetValue<string>(), entry["timeInterval"]!["start"]!.GetValue<string>()));
        await WriteAsync(context, answer);
    }

    private string UserOf(HttpContext context) => _keys[context.Request.Headers["X-Api-Key"].ToString()].UserId;

    private static int Number(HttpContext context, string name, int fallback) =>
        int.TryParse(context.Request.Query[name], out var value) ? value : fallback;

    private static async Task WriteAsync(HttpContext context, TimeEntryStore.Answer answer)
    {
        context.Response.StatusCode = answer.Status;
        if (answer.Body is null) return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.Body.ToJsonString());
    }
}
