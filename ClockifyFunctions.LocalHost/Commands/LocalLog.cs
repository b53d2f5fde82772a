namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Logs errors on the console. If the environment variable LOCALHOST_VERBOSE is set, it logs the information messages of host and app too.</summary>
internal static class LocalLog
{
    public static ILoggerFactory Create()
    {
        var least = Environment.GetEnvironmentVariable("LOCALHOST_VERBOSE") is null ? LogLevel.Error : LogLevel.Information;
        return LoggerFactory.Create(logging => logging.SetMinimumLevel(least).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning).AddFilter("Yarp", LogLevel.Warning).AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff ")));
    }
}
