using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.LocalHost.Stack;

internal sealed record LocalStackOptions
{
    /// <summary>The app: a folder with host.json, the function folders and the executable. Default: the development build.</summary>
    public string ScriptRoot { get; init; } = Repository.DevelopmentBuild;

    /// <summary>How many hosts to begin with, each with an app process of its own; default 1. 0: the first is to be started by hand.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>Requests per second that the simulator allows each key, and the app is told; default 10.</summary>
    public int Permits { get; init; } = 10;

    /// <summary>Credentials beside the default one: name and simulated key.</summary>
    public IReadOnlyDictionary<string, string> MoreCredentials { get; init; } = new Dictionary<string, string>();

    /// <summary>What the host of this number starts instead of the app, for example a wrapper that changes its clock; null starts the app itself.</summary>
    public Func<int, string?> Executable { get; init; } = _ => null;

    /// <summary>Six-field NCRONTAB; default every minute, as deployed.</summary>
    public string SweepSchedule { get; init; } = "0 * * * * *";

    /// <summary>Default 3, as the real host; tests that kill the app raise it.</summary>
    public int HandlerRestartLimit { get; init; } = 3;

    /// <summary>Ports on 127.0.0.1; 0 takes a free one.</summary>
    public int HttpPort { get; init; }

    public int BusPort { get; init; }

    public int SimulatorPort { get; init; }

    /// <summary>Where Azurite keeps its data; the folder outlives the stack. Default: a temporary folder that is deleted at the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Further app settings, by name; they win over the stack's own.</summary>
    public IReadOnlyDictionary<string, string> ExtraSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>A real API key: the real Clockify takes the simulator's place.</summary>
    public string? RealApiKey { get; init; }

    /// <summary>Of the Clockify simulator; its port and the limit of the keys are set here.</summary>
    public SimulatorOptions Simulator { get; init; } = new();

    /// <summary>Connection string of a real namespace, which then takes the emulator's place. Default none.</summary>
    public string? RealServiceBus { get; init; }

    /// <summary>Connection string of a real storage account, which then takes Azurite's place. Default none.</summary>
    public string? RealStorage { get; init; }

    /// <summary>Whether Azure Functions Core Tools run the app instead of the stand-in for the host. Default false.</summary>
    public bool Func { get; init; }
}
