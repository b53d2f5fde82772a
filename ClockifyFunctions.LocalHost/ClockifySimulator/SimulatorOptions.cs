namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed record SimulatorOptions
{
    /// <summary>TCP port on 127.0.0.1. Default 0: a free port, which the simulator keeps while it is stopped and started again.</summary>
    public int Port { get; init; }

    /// <summary>Limits of each API key. A request must keep all of them. Default 10 in any second. Empty: no limit.</summary>
    public IReadOnlyList<RateWindow> KeyWindows { get; init; } = [RateWindow.PerSecond(10)];

    /// <summary>Limits of each add-on token. Default 50 in any second.</summary>
    public IReadOnlyList<RateWindow> AddonWindows { get; init; } = [RateWindow.PerSecond(50)];

    /// <summary>Whether a request answered 429 uses up the window too. The behavior of the real service is unknown. Default true, the stricter assumption.</summary>
    public bool RefusedRequestsCount { get; init; } = true;

    /// <summary>Whether a 429 has a JSON body. The documentation of the service shows none. Default false: empty body.</summary>
    public bool JsonBodyOn429 { get; init; }

    /// <summary>The value of Retry-After on a 429, sent in whole seconds, rounded up. The documentation of the service shows none. Default none.</summary>
    public TimeSpan? RetryAfterOn429 { get; init; }

    /// <summary>The workspace that the simulator loads at the start. Null, the default: the workspace, users and objects of <see cref="Seed"/>.</summary>
    public WorkspaceFile? Workspace { get; init; }

    public string WorkspaceId => Workspace?.WorkspaceId ?? Seed.WorkspaceId;

    /// <summary>Keys that are known from the start.</summary>
    public IReadOnlyList<SimulatedKey> Keys => Workspace?.Keys ?? Seed.Keys;

    public WorkspaceFlags Flags { get; init; } = new();

    /// <summary>Whether the ledger keeps the bodies of requests. Default false, because a long run would fill the memory.</summary>
    public bool KeepBodies { get; init; }

    /// <summary>Random faults and latency from the start. Default none.</summary>
    public FaultPlan? FaultPlan { get; init; }
}
