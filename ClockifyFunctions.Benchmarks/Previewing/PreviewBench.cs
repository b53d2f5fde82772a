using System.Net.Http.Json;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Previewing;

/// <param name="LatencyMs">Milliseconds from the request for a preview to the complete response, through the host.</param>
internal sealed record PreviewResult(int Records, int Calls, Percentiles LatencyMs);

/// <summary>Measures the time to show the sample payloads after a change.</summary>
internal static class PreviewBench
{
    private const int Records = 100, WarmUp = 10;

    public static async Task<int> RunAsync(string? jsonFile, int calls)
    {
        var result = await RunAsync(calls, Directory.Exists(Repository.PublishedBuild) ? Repository.PublishedBuild : Repository.DevelopmentBuild);
        var json = JsonSerializer.Serialize(result, Summary.Json);
        Console.WriteLine(json);
        if (jsonFile is not null) await File.WriteAllTextAsync(jsonFile, json);
        return 0;
    }

    public static async Task<PreviewResult> RunAsync(int calls, string scriptRoot)
    {
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions { ScriptRoot = scriptRoot }, LocalLog.Create(), CancellationToken.None);
        var config = new { credential = LocalStack.Credential, endpoint = "createTimeEntry", inputs = new { workspaceId = Seed.WorkspaceId }, timeZone = "Europe/Berlin", excludeAttributes = new[] { "internal" } };
        var records = string.Join('\n', SampleRecords.Read($"{Records}"));
        var latencies = new List<double>();
        for (var call = 0; call < WarmUp + calls; call++)
        {
            using var question = JsonContent.Create(new { config, recordsText = records, recordsFormat = "ndjson" });
            await question.LoadIntoBufferAsync();
            var asked = TimeProvider.System.GetTimestamp();
            using var answer = await stack.Api.PostAsync("preview", question);
            var text = await answer.Content.ReadAsStringAsync();
            if (call >= WarmUp) latencies.Add(TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds);
            if (JsonDocument.Parse(text).RootElement.GetProperty("requests").GetArrayLength() != Records) throw new InvalidOperationException($"Not {Records} requests: {text}");
        }

        return new PreviewResult(Records, calls, Percentiles.Of(latencies));
    }
}
