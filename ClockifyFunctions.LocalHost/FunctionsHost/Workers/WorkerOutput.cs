namespace ClockifyFunctions.LocalHost.FunctionsHost.Workers;

/// <summary>Logs the output of the worker process. Each line gets the level that the real host gives it.</summary>
internal static class WorkerOutput
{
    private const string SystemPrefix = "LanguageWorkerConsoleLog", ToolingPrefix = "azfuncjsonlog:";
    private static readonly string[] ErrorWords = ["error", "fail", "severe", "unhandled exception"];

    public static void Log(string? line, bool isError, ILogger console)
    {
        // Lines with the tooling prefix are meant for an IDE.
        if (line is null || line.StartsWith(ToolingPrefix, StringComparison.OrdinalIgnoreCase)) return;
        var text = line.StartsWith(SystemPrefix, StringComparison.OrdinalIgnoreCase) ? line[SystemPrefix.Length..] : line;
        console.Log(isError ? LevelOf(text) : LogLevel.Information, "{Line}", text);
    }

    internal static LogLevel LevelOf(string errorLine) =>
        ErrorWords.Any(word => errorLine.Contains(word, StringComparison.OrdinalIgnoreCase)) ? LogLevel.Error
        : errorLine.Contains("warn", StringComparison.OrdinalIgnoreCase) ? LogLevel.Warning
        : LogLevel.Information;
}
