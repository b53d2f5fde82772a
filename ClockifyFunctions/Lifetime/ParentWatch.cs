using System.Globalization;

namespace ClockifyFunctions.Lifetime;

/// <summary>
/// Ends the process when its parent, the Functions host, has ended. A worker does not notice by itself: it would run on without a host and hold its leases.
/// </summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ParentWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux()) return;
        var parent = Parent();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (IsStill(parent)) continue;
            log.LogError("The Functions host has ended. The worker ends too.");
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
            return true; // No free file handle, for example. That says nothing about the host.
        }
    }

    /// <summary>The fourth field of <c>/proc/self/stat</c>; the second, the name, is in parentheses and may hold spaces.</summary>
    private static int Parent()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return int.Parse(stat.AsSpan(stat.LastIndexOf(')') + 4).ToString().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
