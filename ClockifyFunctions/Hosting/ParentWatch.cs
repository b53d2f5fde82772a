using System.Globalization;

namespace ClockifyFunctions.Hosting;

/// <summary>
/// Ends the process when the host that started it is gone: a host that gives up waiting leaves its handler running, and
/// nobody would ever call it again.
/// </summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ParentWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT") is null) return;
        var parent = Parent();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (IsStill(parent)) continue;
            log.LogError("The Functions host is gone; ending.");
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }
    }

    private static bool IsStill(int parent)
    {
        try
        {
            return Parent() == parent;
        }
        catch (IOException)
        {
            return true; // The process has no file handle left, say; that is no news of its host.
        }
    }

    /// <summary>The fourth field of <c>/proc/self/stat</c>; the second, the name, is in parentheses and may hold spaces.</summary>
    private static int Parent()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return int.Parse(stat.AsSpan(stat.LastIndexOf(')') + 4).ToString().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
