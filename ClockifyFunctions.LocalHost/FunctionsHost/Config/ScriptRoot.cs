namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

internal sealed record ScriptRoot(string Folder, HostConfig Host, IReadOnlyList<FunctionConfig> Functions)
{
    /// <exception cref="HostRefusedException">Lists everything that is wrong or not supported.</exception>
    public static ScriptRoot Read(string folder, IReadOnlyDictionary<string, string> settings)
    {
        folder = Path.GetFullPath(folder);
        var problems = new Problems();
        var host = HostConfigReader.Read(Path.Combine(folder, "host.json"), problems);
        var functions = Directory.Exists(folder)
            ? Directory.GetDirectories(folder)
                .Order(StringComparer.Ordinal)
                .Select(f => Path.Combine(f, "function.json"))
                .Where(File.Exists)
                .Select(f => FunctionConfigReader.Read(f, host, settings, problems))
                .OfType<FunctionConfig>()
                .ToArray()
            : [];
        problems.ThrowIfAny();
        return new ScriptRoot(folder, host, functions);
    }
}
