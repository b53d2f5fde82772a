using System.Globalization;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>The arguments of this program. Secrets come from environment variables, because process lists show arguments.</summary>
internal sealed record CommandLine(string Command)
{
    public const string Usage = """
        Usage:
          demo   send sample records through the whole local stack and print a summary
          start  run the local stack, or one part of it, until Ctrl+C
          plan DESTINATION FILE  show what the records of a file would do at a running app, whose function key is in the environment
                                 variable KEY and whose address is in API; exit code 0: nothing, 2: changes, 1: errors

        Options:
          --published       run the published app instead of the development build
          --records N|FILE  demo: the number of sample records, or the path of an NDJSON file
          --json FILE       demo, plan: write the result as JSON
          --run             plan: the file is all of a run, so that the objects it does not name vanish
          --agency [FOLDER] demo: import the CSV file of an agency and compare the workspace with the expectation in FOLDER; default samples/agency
          --times N         demo --agency: how often to import the file; default 1
          --workspace ID    with the environment variable CLOCKIFY_API_KEY: send to the real API
          --workspace FILE  the initial workspace of the simulator; also with --only-clockify
          --yes             confirm that the records are sent to the real API

        start, with real services:
          --service-bus     the namespace of the connection string in the environment variable ServiceBusConnection,
                            with the queues clockify-records, clockify-drain and clockify-responses
          --storage         the account of the connection string in the environment variable StorageConnection
          --func            Azure Functions Core Tools (func, from PATH) instead of the stand-in for the Functions host

        start, with one part only:
          --only-bus        the Service Bus emulator, with the queues of the app
          --queue QUEUE     --only-bus: an additional queue, NAME[,PROPERTY]...; properties: session, dead-letter-expired,
                            duplicates=TIME, ttl=TIME, lock=TIME, max-deliveries=N, max-size=BYTES
          --only-clockify   the Clockify simulator
          --limit LIMITS    --only-clockify: per key, PERMITS/TIME[/sliding|fixed|bucket], several separated by ';', or none;
                            default 10/00:00:01
          --retry-after S   --only-clockify: send Retry-After, whole seconds, on a 429 (the real API does not)
          --json-429        --only-clockify: send a JSON body on a 429 (the real API does not)
          --latency MS-MS   --only-clockify: delay of each response in milliseconds, uniformly distributed
          --fault NAME=P    --only-clockify: inject a fault with probability P; NAME: server-error, apply-then-500, drop-before, drop-after, 429
          --seed N          --only-clockify: seed of the random faults; default 1

        start, ports and data:
          --port N          the whole stack: the API listens on N, the Clockify simulator on N+1, the Service Bus emulator on N+2;
                            default 7071, 7072 and 5672. With one part only: the port of that part. 0 selects free ports
          --keep FOLDER     keep destinations, credentials, waiting records and the quarantine in this folder; default: nothing is kept.
                            Messages in the queues and the objects of the simulator are not kept

        TIME is hh:mm:ss.
        """;

    public bool Published { get; private init; }

    public string? Records { get; private init; }

    public string? JsonFile { get; private init; }

    /// <summary>Of the real API.</summary>
    public string? Workspace { get; private init; }

    /// <summary>Path of a <see cref="ClockifySimulator.WorkspaceFile"/>.</summary>
    public string? WorkspaceFile { get; private init; }

    /// <summary>Folder of <c>demo --agency</c>.</summary>
    public string? Agency { get; private init; }

    public int Times { get; private init; } = 1;

    /// <exception cref="InvalidOperationException">The file cannot be read, with the reason.</exception>
    public WorkspaceFile? ReadWorkspace() => WorkspaceFile is { } path ? ClockifySimulator.WorkspaceFile.Read(path) : null;

    /// <summary>The destination and the file of <c>plan</c>.</summary>
    public string? PlanDestination { get; private init; }

    /// <inheritdoc cref="PlanDestination"/>
    public string? PlanFile { get; private init; }

    public bool WholeRun { get; private init; }

    public bool Yes { get; private init; }

    public bool RealServiceBus { get; private init; }

    public bool RealStorage { get; private init; }

    public bool Func { get; private init; }

    public bool OnlyBus { get; private init; }

    public bool OnlyClockify { get; private init; }

    public IReadOnlyList<QueueOptions> Queues { get; private init; } = [];

    public int? Port { get; private init; }

    public string? Keep { get; private init; }

    public SimulatorOptions Simulator { get; private init; } = new();

    public FaultPlan Faults { get; private init; } = new(new Random(1));

    /// <summary>Parses the arguments. Returns null if they are invalid; <paramref name="problems"/> then lists every problem.</summary>
    public static CommandLine? Parse(string[] arguments, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        problems = found;
        var line = new CommandLine(arguments.FirstOrDefault() ?? "");
        if (line.Command is not ("demo" or "start" or "plan")) found.Add($"'{line.Command}' is not a command. Use 'demo', 'start' or 'plan'.");
        var given = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 1; index < arguments.Length; index++)
        {
            var option = arguments[index];
            given.Add(option);
            line = option switch
            {
                "--published" => line with { Published = true },
                "--yes" => line with { Yes = true },
                "--records" => line with { Records = Value() },
                "--run" => line with { WholeRun = true },
                "--json" => line with { JsonFile = Value() },
                "--workspace" => Value() is not { } workspace ? line : ObjectIds.IsWellFormed(workspace) ? line with { Workspace = workspace } : line with { WorkspaceFile = workspace },
                "--agency" => line with { Agency = HasValue() ? Value() : Repository.Agency },
                "--times" => line with { Times = Number(1, 100) },
                "--service-bus" => line with { RealServiceBus = true },
                "--storage" => line with { RealStorage = true },
                "--func" => line with { Func = true },
                "--only-bus" => line with { OnlyBus = true },
                "--only-clockify" => line with { OnlyClockify = true },
                "--queue" => line with { Queues = [.. line.Queues, .. Read(text => QueueText.Read(text, found))] },
                "--port" => line with { Port = Number(0, 65533) },
                "--keep" => line with { Keep = Value() },
                "--limit" => line with { Simulator = line.Simulator with { KeyWindows = [.. Read(Windows)] } },
                "--retry-after" => line with { Simulator = line.Simulator with { RetryAfterOn429 = TimeSpan.FromSeconds(Number(0, 3600)) } },
                "--json-429" => line with { Simulator = line.Simulator with { JsonBodyOn429 = true } },
                "--latency" => line with { Faults = FaultText.Latency(Value() ?? "0-0", line.Faults, found) },
                "--fault" => line with { Faults = FaultText.Fault(Value() ?? "429=0", line.Faults, found) },
                "--seed" => line with { Faults = line.Faults with { Random = new Random(Number(0, int.MaxValue)) } },
                _ when line is { Command: "plan", PlanDestination: null } && !option.StartsWith('-') => line with { PlanDestination = option },
                _ when line is { Command: "plan", PlanFile: null } && !option.StartsWith('-') => line with { PlanFile = option },
                _ => Unknown(),
            };

            bool HasValue() => index + 1 < arguments.Length && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal);

            string? Value()
            {
                if (HasValue()) return arguments[++index];
                found.Add($"{option} needs a value.");
                return null;
            }

            IEnumerable<T> Read<T>(Func<string, IEnumerable<T>> read) => Value() is { } text ? read(text) : [];

            int Number(int least, int most)
            {
                if (Value() is not { } text) return least;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
                found.Add($"{option}: '{text}' is not a whole number from {least} to {most}.");
                return least;
            }

            IEnumerable<RateWindow> Windows(string text)
            {
                if (RateWindow.ParseList(text) is { } windows) return windows;
                found.Add($"--limit: '{text}' is not a list of limits. Write, for example, '10/00:00:01;30/01:00:00/fixed', or 'none'.");
                return [];
            }

            CommandLine Unknown()
            {
                found.Add($"'{option}' is not an option.");
                return line;
            }
        }

        CheckCombination(line, given, found);
        return found.Count == 0 ? line : null;
    }

    private static void CheckCombination(CommandLine line, HashSet<string> given, List<string> found)
    {
        if (line.Workspace is not null && !line.Yes) found.Add("--workspace sends to the real Clockify API; confirm with --yes.");
        if (line.Workspace is not null) NeedVariable("--workspace", "CLOCKIFY_API_KEY", "the API key");
        if (line.RealServiceBus) NeedVariable("--service-bus", "ServiceBusConnection", "the namespace's connection string");
        if (line.RealStorage) NeedVariable("--storage", "StorageConnection", "the account's connection string");
        if (line.Faults.Sum > 1) found.Add($"--fault: the probabilities add up to {line.Faults.Sum.ToString(CultureInfo.InvariantCulture)}; the sum must not exceed 1.");

        if (line.RealStorage && line.Keep is not null) found.Add("--keep applies to local storage only. With --storage the data is in the storage account; remove --keep.");
        if (line.OnlyBus && line.OnlyClockify) found.Add("--only-bus and --only-clockify cannot be combined. Start two processes.");
        if (line.Workspace is not null && (line.OnlyBus || line.OnlyClockify)) found.Add("--workspace ID can be used with the whole stack only.");
        if (line.WorkspaceFile is not null && line.OnlyBus) found.Add("--workspace FILE can be used with the Clockify simulator only.");
        if (line.Agency is not null && (given.Contains("--records") || given.Contains("--workspace"))) found.Add("--agency uses its own file and workspace; remove --records and --workspace.");
        if (line is { Command: "plan", PlanFile: null }) found.Add("plan needs a destination and a file.");
        else if (line is { Command: "plan", PlanFile: { } file } && !File.Exists(file)) found.Add($"plan: there is no file '{file}'.");
        OnlyWith(line.Command == "demo", "demo", ["--records", "--agency"]);
        OnlyWith(line.Command is "demo" or "plan", "demo and plan", ["--json"]);
        OnlyWith(line.Command == "plan", "plan", ["--run"]);
        OnlyWith(line.Command != "plan", "demo and start", ["--published", "--workspace", "--yes"]);
        OnlyWith(line.Agency is not null, "--agency", ["--times"]);
        OnlyWith(line.Command == "start", "start", ["--service-bus", "--storage", "--func", "--only-bus", "--only-clockify", "--keep"]);
        OnlyWith(!line.OnlyBus && !line.OnlyClockify, "the whole stack", ["--published", "--yes", "--service-bus", "--storage", "--func", "--keep"]);
        OnlyWith(line.OnlyBus, "--only-bus", ["--queue"]);
        OnlyWith(line.OnlyClockify, "--only-clockify", ["--limit", "--retry-after", "--json-429", "--latency", "--fault", "--seed"]);
        OnlyWith(line.Command == "start", "start", ["--port"]);

        void NeedVariable(string option, string name, string what)
        {
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))) found.Add($"{option} needs {what} in the environment variable {name}.");
        }

        void OnlyWith(bool applies, string what, string[] options)
        {
            if (applies) return;
            foreach (var option in options)
                if (given.Contains(option)) found.Add($"{option} can be used with {what} only.");
        }
    }
}
