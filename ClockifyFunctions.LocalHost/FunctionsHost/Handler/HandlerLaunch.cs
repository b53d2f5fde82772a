using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Handler;

/// <summary>How to start the handler: executable, arguments, environment. Pure but for the look whether the file exists.</summary>
internal sealed partial class HandlerLaunch(
    ScriptRoot root, IReadOnlyDictionary<string, string> settings, string? executableOverride)
{
    private readonly string workerId = Guid.NewGuid().ToString();

    public TimeSpan InitializationTimeout => root.Host.Handler.InitializationTimeout;

    public ProcessStartInfo For(int port)
    {
        var handler = root.Host.Handler;
        var added = new Dictionary<string, string>(settings)
        {
            ["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["FUNCTIONS_HTTPWORKER_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = workerId,
            ["FUNCTIONS_HTTPWORKER_ID"] = workerId,
            ["FUNCTIONS_APP_ROOT_PATH"] = root.Folder,
        };
        string Expand(string text) => Placeholder().Replace(text, m =>
            added.GetValueOrDefault(m.Groups[1].Value) ?? Environment.GetEnvironmentVariable(m.Groups[1].Value) ?? "");

        var executable = executableOverride ?? Expand(handler.Executable);
        var beside = Path.Combine(root.Folder, executable);
        var info = new ProcessStartInfo(File.Exists(beside) ? beside : executable)
        {
            // Joined without quoting, as the real host does: an argument with a space becomes two there, too.
            Arguments = string.Join(' ', handler.Arguments.Select(Expand)),
            WorkingDirectory = Path.Combine(root.Folder, handler.WorkingDirectory ?? ""),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in added) info.Environment[name] = value;
        return info;
    }

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Placeholder();
}
