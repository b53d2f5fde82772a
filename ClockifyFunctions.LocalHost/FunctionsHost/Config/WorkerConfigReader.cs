namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

internal static class WorkerConfigReader
{
    private const string File = "worker.config.json";

    /// <returns>Null only if the file cannot be read; the problem is then in <paramref name="problems"/>.</returns>
    public static WorkerConfig? Read(string folder, IReadOnlyDictionary<string, string> settings, Problems problems)
    {
        if (settings.TryGetValue("FUNCTIONS_WORKER_RUNTIME", out var runtime) && runtime != WorkerConfig.Runtime)
            problems.Add("settings", $"FUNCTIONS_WORKER_RUNTIME is '{runtime}'", $"Set it to {WorkerConfig.Runtime}, the only runtime that this host supports");
        if (problems.ReadJson(Path.Combine(folder, File), File) is not { } json) return null;
        var root = new JsonSection(json, File, "", problems);
        root.Ignore("$schema");
        var description = root.Section("description");
        if (description.Text("language") is var language && language != WorkerConfig.Runtime)
            problems.Add(File, $"description.language is '{language}'", $"Only {WorkerConfig.Runtime} is supported");
        if (description.Text("workerIndexing") is var indexing && !"true".Equals(indexing, StringComparison.OrdinalIgnoreCase))
            problems.Add(File, $"description.workerIndexing is '{indexing}'", "Write \"true\": this host asks the worker for its functions");
        description.Ignore("extensions", "canUsePlaceholder", "defaultRuntimeName", "defaultRuntimeVersion");
        var executable = description.Text("defaultExecutablePath");
        if (string.IsNullOrWhiteSpace(executable))
            problems.Add(File, "description.defaultExecutablePath is missing", "Name the program that runs the worker");
        var worker = description.Text("defaultWorkerPath");
        if (string.IsNullOrWhiteSpace(worker))
            problems.Add(File, "description.defaultWorkerPath is missing", "Name the worker's assembly");
        else if (!System.IO.File.Exists(Path.Combine(folder, worker)))
            problems.Add(File, $"description.defaultWorkerPath names '{worker}', which does not exist in {folder}", "Build the app");
        var arguments = description.Texts("arguments") ?? [];
        description.RefuseTheRest();

        var process = root.Section("processOptions");
        var config = new WorkerConfig(
            (executable ?? "").Replace("{WorkerRoot}", folder + Path.DirectorySeparatorChar, StringComparison.Ordinal), arguments, worker ?? "",
            process.Span("processStartupTimeout") ?? TimeSpan.FromSeconds(60),
            process.Span("initializationTimeout") ?? TimeSpan.FromSeconds(10),
            process.Span("processRestartInterval") ?? TimeSpan.FromSeconds(10),
            process.Span("processShutdownTimeout") ?? TimeSpan.FromSeconds(10));
        process.RefuseTheRest();
        root.RefuseTheRest();
        return config;
    }
}
