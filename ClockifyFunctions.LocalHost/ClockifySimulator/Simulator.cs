using System.Net;
using ClockifyFunctions.LocalHost.ClockifySimulator.Rest;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>
/// Simulates the part of the Clockify REST API that the app uses, on 127.0.0.1.
/// </summary>
internal sealed class Simulator : IAsyncDisposable
{
    private readonly RequestPipeline pipeline;
    private readonly World world;
    private readonly KeyRing keys = new();
    private readonly RateWindow judged;
    private readonly Action<IWebHostBuilder>? server;
    private WebApplication? app;
    private int port;

    private Simulator(SimulatorOptions options, TimeProvider time, Action<IWebHostBuilder>? server)
    {
        this.server = server;
        port = options.Port;
        Ledger = new Ledger(time.TimestampFrequency);
        Faults = new Faults(options.FaultPlan);
        world = new World(time, options.Flags, Ledger);
        judged = options.KeyWindows.Count > 0 ? options.KeyWindows[0] : RateWindow.PerSecond(10);
        pipeline = new RequestPipeline(options, time, new Arrivals(options, time, Ledger), Faults, keys);
        foreach (var key in options.Keys)
            AddKey(key);
        if (options.Workspace is { } workspace)
            workspace.Fill(world);
        else
            Seed.Fill(world);
    }

    /// <summary><c>http://127.0.0.1:{port}/api/v1</c>, without a slash at the end.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{port}/api/v1");

    /// <summary>All state. Look at it only while no request is handled.</summary>
    public World World => world;

    public Ledger Ledger { get; }

    public Faults Faults { get; }

    /// <summary>What the requests come through.</summary>
    public IServer Server => app!.Services.GetRequiredService<IServer>();

    /// <param name="server">Takes the place of the server on 127.0.0.1, for requests from within the process; default null.</param>
    public static async Task<Simulator> StartAsync(
        SimulatorOptions options, TimeProvider time, CancellationToken cancellationToken, Action<IWebHostBuilder>? server = null)
    {
        var simulator = new Simulator(options, time, server);
        await simulator.StartListeningAsync(cancellationToken);
        return simulator;
    }

    /// <summary>Also creates the key's workspaces where they are missing.</summary>
    public void AddKey(SimulatedKey key)
    {
        keys.Add(key);
        world.Join(key);
    }

    /// <summary>Looks at a workspace between two requests.</summary>
    public T Read<T>(string workspaceId, Func<Workspace, T> read)
    {
        var workspace = world.Workspace(workspaceId);
        lock (world.Lock)
            return read(workspace);
    }

    public void RevokeKey(string key) => keys.Revoke(key);

    public void UnrevokeKey(string key) => keys.Unrevoke(key);

    /// <summary>Connections are refused from here on; state and ledger stay.</summary>
    public async Task StopListeningAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref app, null) is not { } running)
            return;

        await running.StopAsync(cancellationToken);
        await running.DisposeAsync();
    }

    /// <summary>On the same port as before.</summary>
    public async Task StartListeningAsync(CancellationToken cancellationToken = default)
    {
        if (app is not null)
            return;

        // The empty builder reads no settings and no environment: nothing outside can move it off the loopback address.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (server is null)
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        else
            server(builder.WebHost);
        builder.Services.AddRouting();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var starting = builder.Build();
        starting.UseWhen(
            context => !context.Request.Path.StartsWithSegments(ControlRoutes.Prefix),
            branch => branch.Use(next => context => pipeline.InvokeAsync(context, next)));
        starting.Use(UnknownRoutes.InvokeAsync);
        starting.UseRouting();
        ControlRoutes.Map(starting, Ledger, judged);
        var api = starting.MapGroup("/api/v1");
        WorkspaceRoutes.Map(api, world);
        UserRoutes.Map(api, world);
        MemberProfileRoutes.Map(api, world);
        TimeEntryRoutes.Map(api, world);
        ProjectRoutes.Map(api, world);
        TaskRoutes.Map(api, world);
        ClientRoutes.Map(api, world);
        TagRoutes.Map(api, world);
        ExpenseRoutes.Map(api, world);
        TimeOffRoutes.Map(api, world);
        InvoiceRoutes.Map(api, world);
        ObjectRoutes.Map(api, world);

        await starting.StartAsync(cancellationToken);
        app = starting;
        if (server is null)
            port = new Uri(Server.Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public async ValueTask DisposeAsync() => await StopListeningAsync();
}
