using System.Globalization;

namespace ClockifyFunctions.Lifetime;

/// <summary>
/// Ends the process when its parent, the Functions host, has ended. Without this, the worker would continue without a host and keep its leases.
/// </summary>
internal sealed class ParentWatch(IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ParentWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Read before the services of the worker start, because the host can end as soon as the worker has connected to it.</summary>
    private readonly int _parent = OperatingSystem.IsLinux() ? Parent() : 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (IsStill(_parent)) continue;
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
            return true; // For example, no file handle is available. That is no evidence that the host has ended.
        }
    }

    /// <summary>The fourth field of <c>/proc/self/stat</c>; the second, the name, is in parentheses and can contain spaces.</summary>
    private static int Parent()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        return int.Parse(stat.AsSpan(stat.LastIndexOf(')') + 4).ToString().Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
