namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>The folder of the built app and the content of its configuration files. The worker reports the functions.</summary>
internal sealed record ScriptRoot(string Folder, HostConfig Host, WorkerConfig Worker)
{
    /// <exception cref="HostRefusedException">Lists every invalid or unsupported setting.</exception>
    public static ScriptRoot Read(string folder, IReadOnlyDictionary<string, string> settings)
    {
        folder = Path.GetFullPath(folder);
        var problems = new Problems();
        var host = HostConfigReader.Read(Path.Combine(folder, "host.json"), problems);
        var worker = WorkerConfigReader.Read(folder, settings, problems);
        problems.ThrowIfAny();
        return new ScriptRoot(folder, host, worker!);
    }
}
