namespace ClockifyFunctions.LocalHost.ClockifySimulator;

internal sealed record SimulatorOptions
{
    /// <summary>TCP port on 127.0.0.1. Default 0: a free one, kept while the simulator goes down and up again.</summary>
    public int Port { get; init; }

    /// <summary>Limits of each API key; a request must pass all. Default 10 in any second. Empty: no limit.</summary>
    public IReadOnlyList<RateWindow> KeyWindows { get; init; } = [RateWindow.PerSecond(10)];

    /// <summary>Limits of each add-on token. Default 50 in any second.</summary>
    public IReadOnlyList<RateWindow> AddonWindows { get; init; } = [RateWindow.PerSecond(50)];

    /// <summary>Whether a request answered 429 uses up the window too. Unknown for the real service; default true, the stricter reading.</summary>
    public bool RefusedRequestsCount { get; init; } = true;

    /// <summary>Invented: no source shows a JSON body on 429. Default false: empty body.</summary>
    public bool InventedJsonBodyOn429 { get; init; }

    /// <summary>Invented: no source shows Retry-After. Whole seconds are sent, rounded up. Default none.</summary>
    public TimeSpan? InventedRetryAfter { get; init; }

    /// <summary>The workspace that the simulator loads at the start. Null, the default: the workspace, users and objects of <see cref="Seed"/>.</summary>
    public WorkspaceFile? Workspace { get; init; }

    public string WorkspaceId => Workspace?.WorkspaceId ?? Seed.WorkspaceId;

    /// <summary>Keys that are known from the start.</summary>
    public IReadOnlyList<SimulatedKey> Keys => Workspace?.Keys ?? Seed.Keys;

    public WorkspaceFlags Flags { get; init; } = new();

    /// <summary>Whether the ledger keeps what each request carried. Default false: a long run would fill the memory.</summary>
    public bool KeepBodies { get; init; }

    /// <summary>Random faults and latency from the start. Default none.</summary>
    public FaultPlan? FaultPlan { get; init; }
}
