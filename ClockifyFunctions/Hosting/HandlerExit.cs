namespace ClockifyFunctions.Hosting;

/// <summary>What the Functions host makes of our end: 0 leaves the app up with a dead handler, 200 starts another at once, anything else counts as an error.</summary>
internal static class HandlerExit
{
    private const int StartAnother = 200;

    /// <summary>The exit code after a proper stop. One that was asked for, by SIGTERM, is no error; under a host somebody must take over.</summary>
    public static int Code(IConfiguration configuration) =>
        Environment.ExitCode != 0 ? Environment.ExitCode : configuration["FUNCTIONS_CUSTOMHANDLER_PORT"] is null ? 0 : StartAnother;
}
