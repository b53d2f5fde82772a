using System.Diagnostics;
using ClockifyFunctions.LocalHost.FunctionsHost;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Benchmarks.ColdStart;

/// <summary>One start of a worker process under the stand-in for the Functions host.</summary>
/// <param name="FirstAnswer">Time from the start of the process to the first answered HTTP invocation.</param>
/// <param name="IdleBytes">Resident memory two seconds later.</param>
internal sealed record WorkerStart(TimeSpan FirstAnswer, long IdleBytes)
{
    private static readonly TimeSpan UntilIdle = TimeSpan.FromSeconds(2);

    public static async Task<WorkerStart> MeasureAsync(string folder, IReadOnlyDictionary<string, string> settings)
    {
        var started = 0L;
        var options = new FunctionsHostOptions
        {
            ScriptRoot = folder,
            Settings = settings,
            StartWorker = (command, log) =>
            {
                started = Stopwatch.GetTimestamp();
                return WorkerProcess.Start(command, log);
            },
        };
        await using var host = await FunctionsHost.StartAsync(options, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = host.Address };
        (await http.GetAsync(new Uri("api/health/live", UriKind.Relative))).EnsureSuccessStatusCode();
        var answered = Stopwatch.GetElapsedTime(started);
        await Task.Delay(UntilIdle);
        return new WorkerStart(answered, ProcessUse.Memory(host.Worker!));
    }
}
