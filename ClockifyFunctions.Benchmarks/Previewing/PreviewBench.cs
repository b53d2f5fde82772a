using System.Net.Http.Json;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Previewing;

/// <param name="LatencyMs">Milliseconds from the request for a preview to the complete response, through the host.</param>
/// <param name="NamesLatencyMs">The same for records with names of projects, tasks and tags, if the lists are already in memory.</param>
internal sealed record PreviewResult(int Records, int Calls, Percentiles LatencyMs, Percentiles NamesLatencyMs);

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
        var named = new
        {
            config.credential,
            config.endpoint,
            config.inputs,
            config.timeZone,
            config.excludeAttributes,
            references = new { project = "Project", task = "Task", tags = new { from = "Tags", split = ";" } },
        };
        var records = SampleRecords.Read($"{Records}").ToArray();
        var withNames = records.Select(record => $"{record[..^1]},\"Project\":\"bridge inspection\",\"Task\":\"Deck survey\",\"Tags\":\"Urgent;On site\"}}");
        return new PreviewResult(Records, calls, await MeasureAsync(stack, config, records, calls), await MeasureAsync(stack, named, withNames, calls));
    }

    private static async Task<Percentiles> MeasureAsync(LocalStack stack, object config, IEnumerable<string> records, int calls)
    {
        var text = string.Join('\n', records);
        var latencies = new List<double>();
        for (var call = 0; call < WarmUp + calls; call++)
        {
            using var question = JsonContent.Create(new { config, recordsText = text, recordsFormat = "ndjson" });
            await question.LoadIntoBufferAsync();
            var asked = TimeProvider.System.GetTimestamp();
            using var answer = await stack.Api.PostAsync("preview", question);
            var shown = await answer.Content.ReadAsStringAsync();
            if (call >= WarmUp) latencies.Add(TimeProvider.System.GetElapsedTime(asked).TotalMilliseconds);
            if (JsonDocument.Parse(shown).RootElement.GetProperty("requests").GetArrayLength() != Records) throw new InvalidOperationException($"Not {Records} requests: {shown}");
        }

        return Percentiles.Of(latencies);
    }
}
