using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.Benchmarks.Draining;

/// <summary>Sends the same requests with <see cref="HttpClient"/> only, in a separate process: without storage, order or journal.</summary>
internal static class BareLoop
{
    private const int WarmUpPart = 10;

    /// <summary>Starts the process and returns calls per second and microseconds of CPU per call.</summary>
    public static async Task<(double CallsPerSecond, double CpuMicroseconds)> RunAsync(Uri api, int calls, int width)
    {
        // Start the benchmark program by name, because this code can run inside of the test runner.
        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "ClockifyFunctions.Benchmarks"),
            ["worker", "bare-loop", api.AbsoluteUri, calls.ToString(CultureInfo.InvariantCulture), width.ToString(CultureInfo.InvariantCulture)])
        { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var figures = output.Split(' ');
        return (double.Parse(figures[0], CultureInfo.InvariantCulture), double.Parse(figures[1], CultureInfo.InvariantCulture));
    }

    /// <param name="args"><c>worker bare-loop API CALLS WIDTH</c></param>
    public static async Task<int> WorkAsync(string[] args)
    {
        var (api, calls, width) = (args[2], int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, ActivityHeadersPropagator = null });
        var url = new Uri($"{api}/workspaces/{Seed.WorkspaceId}/time-entries");
        var bodies = Enumerable.Range(0, calls).Select(number => Encoding.UTF8.GetBytes(DrainBench.Record("bare", number))).ToArray();
        await SendAsync(bodies[..(calls / WarmUpPart)]);

        var cpu = ProcessUse.Cpu(Process.GetCurrentProcess());
        var started = Stopwatch.GetTimestamp();
        await SendAsync(bodies);
        var elapsed = Stopwatch.GetElapsedTime(started);
        Console.Write(string.Create(CultureInfo.InvariantCulture, $"{calls / elapsed.TotalSeconds} {(ProcessUse.Cpu(Process.GetCurrentProcess()) - cpu).TotalMicroseconds / calls}"));
        return 0;

        async Task SendAsync(byte[][] some)
        {
            var next = -1;
            await Task.WhenAll(Enumerable.Range(0, Math.Min(width, some.Length)).Select(async _ =>
            {
                for (int mine; (mine = Interlocked.Increment(ref next)) < some.Length;)
                {
                    using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(some[mine]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
                    message.Headers.TryAddWithoutValidation("X-Api-Key", DrainBench.KeyOf(mine % DrainBench.Keys));
                    message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
                    using var answer = await http.SendAsync(message);
                    await answer.Content.ReadAsStringAsync();
                    if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"Answered {answer.StatusCode}.");
                }
            }));
        }
    }
}
