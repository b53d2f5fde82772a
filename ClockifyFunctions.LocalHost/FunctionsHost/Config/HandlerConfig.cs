namespace ClockifyFunctions.LocalHost.FunctionsHost.Config;

/// <param name="Executable">May hold %NAME%, as may <paramref name="Arguments"/>.</param>
internal sealed record HandlerConfig(
    string Executable, string? WorkingDirectory, IReadOnlyList<string> Arguments, TimeSpan InitializationTimeout);
