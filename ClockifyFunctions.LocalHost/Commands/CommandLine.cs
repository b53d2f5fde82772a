namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>The arguments of this program.</summary>
internal sealed record CommandLine(string Command)
{
    public const string Usage = """
        Usage:
          demo   send sample records through the whole local stack and print what came of them
          start  run the local stack until Ctrl+C

        Options:
          --aot             run the published native binary instead of the development build
          --records N|FILE  demo: how many sample records, or an NDJSON file of your own
          --json FILE       demo: write the summary as JSON
          --workspace ID    with the environment variable CLOCKIFY_API_KEY: send to the real API
          --yes             confirm that records really go to the real API
        """;

    public bool Aot { get; private init; }

    public string? Records { get; private init; }

    public string? JsonFile { get; private init; }

    public string? Workspace { get; private init; }

    public bool Yes { get; private init; }

    /// <summary>Null, with everything that is wrong, when the arguments make no sense.</summary>
    public static CommandLine? Parse(string[] arguments, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        problems = found;
        var line = new CommandLine(arguments.FirstOrDefault() ?? "");
        if (line.Command is not ("demo" or "start")) found.Add($"'{line.Command}' is no command.");
        for (var index = 1; index < arguments.Length; index++)
        {
            var option = arguments[index];
            line = option switch
            {
                "--aot" => line with { Aot = true },
                "--yes" => line with { Yes = true },
                "--records" => line with { Records = Value() },
                "--json" => line with { JsonFile = Value() },
                "--workspace" => line with { Workspace = Value() },
                _ => Unknown(),
            };

            string? Value()
            {
                if (index + 1 < arguments.Length && !arguments[index + 1].StartsWith("--", StringComparison.Ordinal)) return arguments[++index];
                found.Add($"{option} needs a value.");
                return null;
            }

            CommandLine Unknown()
            {
                found.Add($"'{option}' is no option.");
                return line;
            }
        }

        if (line.Workspace is not null && !line.Yes) found.Add("--workspace sends to the real Clockify API; confirm with --yes.");
        if (line.Workspace is not null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CLOCKIFY_API_KEY")))
            found.Add("--workspace needs the API key in the environment variable CLOCKIFY_API_KEY.");
        return found.Count == 0 ? line : null;
    }
}
