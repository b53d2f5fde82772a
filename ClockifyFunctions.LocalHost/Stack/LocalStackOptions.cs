using System.Buffers.Text;
using System.Security.Cryptography;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.LocalHost.Stack;

internal sealed record LocalStackOptions
{
    /// <summary>The built app: the folder with host.json and worker.config.json. Default: the development build.</summary>
    public string ScriptRoot { get; init; } = Repository.DevelopmentBuild;

    /// <summary>Number of hosts to start, each with its own worker process; default 1. With 0, call <see cref="LocalStack.StartHostAsync"/>.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>Requests per second and key that the simulator allows. The app's settings contain the same limit. Default 10.</summary>
    public int Permits { get; init; } = 10;

    /// <summary>Additional credentials: name and simulated key.</summary>
    public IReadOnlyDictionary<string, string> MoreCredentials { get; init; } = new Dictionary<string, string>();

    /// <summary>A program that starts the worker of the host with the given number, for example with a changed clock. Its arguments are the complete command line of the worker. Null: none.</summary>
    public Func<int, string?> Wrapper { get; init; } = _ => null;

    /// <summary>The key for functions with authLevel "function". Default: a random key.</summary>
    public string FunctionKey { get; init; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Six-field NCRONTAB; default: every minute, as in the deployment.</summary>
    public string SweepSchedule { get; init; } = "0 * * * * *";

    /// <summary>Restarts the workers immediately after every error, for tests that kill them. Default false: restart like the real host.</summary>
    public bool AlwaysRestart { get; init; }

    /// <summary>Ports on 127.0.0.1; 0 selects a free port.</summary>
    public int HttpPort { get; init; }

    public int BusPort { get; init; }

    public int SimulatorPort { get; init; }

    /// <summary>The folder for the data of Azurite and the managed credentials of the app. It is not deleted. Default: temporary folders, which are deleted at the end.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Further app settings, by name; they take precedence over the settings of the stack.</summary>
    public IReadOnlyDictionary<string, string> ExtraSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>A real API key. If it is set, the stack uses the real Clockify API instead of the simulator. Default: none.</summary>
    public string? RealApiKey { get; init; }

    /// <summary>Options of the Clockify simulator. Its port and the limit of the keys come from this record.</summary>
    public SimulatorOptions Simulator { get; init; } = new();

    /// <summary>Connection string of a real namespace to use instead of the emulator. Default: none.</summary>
    public string? RealServiceBus { get; init; }

    /// <summary>Connection string of a real storage account to use instead of Azurite. Default: none.</summary>
    public string? RealStorage { get; init; }

    /// <summary>Whether the Azure Functions Core Tools run the app instead of the stand-in for the Functions host. Default false.</summary>
    public bool Func { get; init; }
}
