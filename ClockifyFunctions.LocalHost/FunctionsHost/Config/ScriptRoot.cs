namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <summary>The folder of the built app, with what its files say. The functions come from the worker.</summary>
internal sealed record ScriptRoot(string Folder, HostConfig Host, WorkerConfig Worker)
{
    /// <exception cref="HostRefusedException">Lists everything that is wrong or not supported.</exception>
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
