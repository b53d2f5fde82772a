namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Warnings on the console; with the environment variable LOCALHOST_VERBOSE set, also what host and app tell.</summary>
internal static class LocalLog
{
    public static ILoggerFactory Create()
    {
        var least = Environment.GetEnvironmentVariable("LOCALHOST_VERBOSE") is null ? LogLevel.Error : LogLevel.Information;
        return LoggerFactory.Create(logging => logging.SetMinimumLevel(least).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning).AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff ")));
    }
}
