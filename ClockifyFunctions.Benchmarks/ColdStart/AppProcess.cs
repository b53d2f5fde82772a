using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClockifyFunctions.LocalHost;

namespace ClockifyFunctions.Benchmarks.ColdStart;

/// <summary>One life of the app: start, first invocation, idle, and under load.</summary>
internal static class AppProcess
{
    private const int Batches = 20, BatchSize = 1000, RecordBytes = 500;

    /// <param name="LoadedBytes">Null where no load was asked for.</param>
    internal sealed record Run(TimeSpan Ready, TimeSpan FirstInvocation, long ReadyBytes, long IdleBytes, long? LoadedBytes);

    public static async Task<Run> MeasureAsync(string executable, IReadOnlyDictionary<string, string> settings, string destination, bool load)
    {
        var port = LoopbackPort.Next();
        var start = new ProcessStartInfo(executable) { WorkingDirectory = Path.GetDirectoryName(executable), RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        start.Environment["FUNCTIONS_CUSTOMHANDLER_PORT"] = port.ToString(CultureInfo.InvariantCulture);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await ListeningAsync(port, process);
            (await http.GetAsync(new Uri("/", UriKind.Relative))).EnsureSuccessStatusCode();
            var ready = Stopwatch.GetElapsedTime(started);
            // The first invocation follows at once, so memory before it is taken from its beginning.
            var readyBytes = ProcessUse.Memory(process);
            await InvokeAsync(http, destination, 1, 0);
            var first = Stopwatch.GetElapsedTime(started);

            await Task.Delay(TimeSpan.FromSeconds(1));
            var idle = ProcessUse.Memory(process);
            if (load)
                for (var batch = 1; batch <= Batches; batch++) await InvokeAsync(http, destination, BatchSize, batch * BatchSize);
            return new Run(ready, first, readyBytes, idle, load ? ProcessUse.PeakMemory(process) : null);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task InvokeAsync(HttpClient http, string destination, int count, int firstNumber)
    {
        var bodies = Enumerable.Range(firstNumber, count).Select(number => $$"""{"start":"2026-11-23T09:00:00Z","end":"2026-11-23T10:00:00Z","description":"{{number.ToString(CultureInfo.InvariantCulture).PadLeft(RecordBytes - 85, '.')}}"}""");
        var data = string.Join(",", bodies.Select(body => $"\\\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(body))}\\\""));
        var ids = string.Join(",", Enumerable.Range(firstNumber, count).Select(number => $"\\\"m-{number}\\\""));
        var numbers = string.Join(",", Enumerable.Range(firstNumber, count));
        var times = string.Join(",", Enumerable.Repeat("\\\"2026-11-23T09:00:00Z\\\"", count));
        var properties = string.Join(",", Enumerable.Repeat($"{{\\\"destination\\\":\\\"{destination}\\\"}}", count));
        // As the host sends it: see Fixtures/custom-handler/sb-batch-binary.json in the tests.
        using var content = new StringContent(
            $$$"""{"Data":{"messages":"[{{{data}}}]"},"Metadata":{"MessageIdArray":"[{{{ids}}}]","SequenceNumberArray":"[{{{numbers}}}]","EnqueuedTimeUtcArray":"[{{{times}}}]","ApplicationPropertiesArray":"[{{{properties}}}]"}}""",
            Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri("/IngestRecords", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asks more often than the host's every 25 ms, so that its rhythm is not in the figures.</summary>
    private static async Task ListeningAsync(int port, Process process)
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(1);
            }
        }
    }
}
