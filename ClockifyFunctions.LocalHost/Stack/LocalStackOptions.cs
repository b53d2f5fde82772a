using System.Buffers.Text;
using System.Security.Cryptography;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.LocalHost.Stack;

internal sealed record LocalStackOptions
{
    /// <summary>The built app: the folder with host.json and worker.config.json. Default: the development build.</summary>
    public string ScriptRoot { get; init; } = Repository.DevelopmentBuild;

    /// <summary>How many hosts to start, each with its own worker process; default 1. With 0, call <see cref="LocalStack.StartHostAsync"/>.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>Requests per second and key that the simulator allows; also the limit in the app's settings. Default 10.</summary>
    public int Permits { get; init; } = 10;

    /// <summary>Credentials beside the default one: name and simulated key.</summary>
    public IReadOnlyDictionary<string, string> MoreCredentials { get; init; } = new Dictionary<string, string>();

    /// <summary>A program that runs the worker of the host with this number, for example with a changed clock. It gets the worker's whole command line as its arguments. Null: none.</summary>
    public Func<int, string?> Wrapper { get; init; } = _ => null;

    /// <summary>Opens functions with authLevel "function". Default: a random key.</summary>
    public string FunctionKey { get; init; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Six-field NCRONTAB; default every minute, as deployed.</summary>
    public string SweepSchedule { get; init; } = "0 * * * * *";

    /// <summary>Restarts the workers at once after every error, for tests that kill them. Default false: as the real host restarts.</summary>
    public bool AlwaysRestart { get; init; }

    /// <summary>Ports on 127.0.0.1; 0 takes a free one.</summary>
    public int HttpPort { get; init; }

    public int BusPort { get; init; }

    public int SimulatorPort { get; init; }

    /// <summary>Where Azurite keeps its data and the app its managed credentials; the folder outlives the stack. Default: temporary folders that are deleted at the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Further app settings, by name; they win over the stack's own.</summary>
    public IReadOnlyDictionary<string, string> ExtraSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>A real API key; the real Clockify then takes the simulator's place. Default none.</summary>
    public string? RealApiKey { get; init; }

    /// <summary>Options of the Clockify simulator. Its port and the keys' limit come from this record instead.</summary>
    public SimulatorOptions Simulator { get; init; } = new();

    /// <summary>Connection string of a real namespace, which then takes the emulator's place. Default none.</summary>
    public string? RealServiceBus { get; init; }

    /// <summary>Connection string of a real storage account, which then takes Azurite's place. Default none.</summary>
    public string? RealStorage { get; init; }

    /// <summary>Whether Azure Functions Core Tools run the app instead of the stand-in for the host. Default false.</summary>
    public bool Func { get; init; }
}
