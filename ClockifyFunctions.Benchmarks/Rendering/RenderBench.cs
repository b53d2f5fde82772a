using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.Benchmarks.Reporting;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Storage;
using static System.FormattableString;
using RateWindow = ClockifyFunctions.Configuration.RateWindow;

namespace ClockifyFunctions.Benchmarks.Rendering;

/// <param name="Nanoseconds">Time per record. All values are medians of the rounds.</param>
/// <param name="Bytes">Allocated bytes per record.</param>
internal sealed record RenderResult(string Case, double Nanoseconds, double Bytes, double BaselineNanoseconds, double BaselineBytes)
{
    public double TimeRatio => Math.Round(Nanoseconds / BaselineNanoseconds, 2);

    public double BytesRatio => Math.Round(Bytes / BaselineBytes, 2);
}

/// <summary>
/// Measures the cost of rendering a record to a request, compared with <see cref="JsonSerializer"/> writing the same record. Both are measured
/// alternately in this process. A complete run takes seconds.
/// </summary>
internal static class RenderBench
{
    private const int BatchSize = 100, MostNanosecondsMapped = 40_000;

    /// <summary>Number of warm-up rounds for the JIT: of all cases before the first measurement, and of each case before its own.</summary>
    private const int WarmUp = 20;
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    public static BenchReport Run(int records)
    {
        var results = Measure(records, rounds: 7);
        return new BenchReport(
            "render",
            [.. results.Select(result => new BenchRow(
                result.Case, Invariant($"{result.Nanoseconds:0} ns, {result.Bytes:0} B per record"), Invariant($"{result.BaselineNanoseconds:0} ns, {result.BaselineBytes:0} B, JsonSerializer"),
                Invariant($"{result.TimeRatio:0.0} / {result.BytesRatio:0.0}"),
                result.Case is RenderSamples.Mapped or NamedRecords.Case ? BenchRow.Judge("at most 40,000 ns", result.Nanoseconds <= MostNanosecondsMapped) : BenchRow.Judge("at most 2 / 1.5", result is { TimeRatio: <= 2, BytesRatio: <= 1.5 })))],
            results);
    }

    public static IReadOnlyList<RenderResult> Measure(int records, int rounds)
    {
        var credential = new Credential("default", "key", "X-Api-Key", new Uri("https://api.clockify.me/api/v1"), [new RateWindow(10, TimeSpan.FromSeconds(1))]);
        _ = MeasureAll(0);
        return MeasureAll(rounds);

        IReadOnlyList<RenderResult> MeasureAll(int rounds) =>
            [.. RenderSamples.Endpoints.Select(name => MeasureOne(name, One(EndpointTemplate.Find(name)!), records, rounds)), MeasureOne(RenderSamples.Mapped, Mapped(), records, rounds), MeasureOne(NamedRecords.Case, Named(), records, rounds), MeasureOne("batches of 100", Batched(), records, rounds)];

        RenderResult MeasureOne(string name, Func<(JsonElement Record, RawJson Text)[], int> render, int count, int rounds)
        {
            var elements = Enumerable.Range(0, count).Select(number => JsonElement.Parse(name == NamedRecords.Case ? NamedRecords.Of(number) : RenderSamples.Of(name, number))).ToArray();
            // As in delivery: the text from the backlog, already parsed.
            var records = elements.Select(element => (element, RawJson.Of(element))).ToArray();
            List<double> times = [], bytes = [], baselineTimes = [], baselineBytes = [];
            for (var round = -WarmUp; round < rounds; round++)
            {
                var (time, allocated) = Watch(() => render(records), count);
                var (baselineTime, baselineAllocated) = Watch(() => Serialize(elements), count);
                if (round < 0) continue;
                times.Add(time);
                bytes.Add(allocated);
                baselineTimes.Add(baselineTime);
                baselineBytes.Add(baselineAllocated);
            }

            return new RenderResult(name, Median(times), Median(bytes), Median(baselineTimes), Median(baselineBytes));
        }

        Func<(JsonElement Record, RawJson Text)[], int> One(EndpointTemplate row)
        {
            var inputs = row.Inputs.Where(input => !input.Query).ToDictionary(input => input.Name, _ => Seed.WorkspaceId);
            return Each(Create(new DestinationConfig { Credential = "default", Endpoint = row.Name, Inputs = inputs }));
        }

        // As a person exports hours: names of columns, local dates and times, hours with a comma, labels in one cell.
        Func<(JsonElement Record, RawJson Text)[], int> Mapped() => Each(Create(new DestinationConfig
        {
            Credential = "default",
            Endpoint = "createTimeEntry",
            Inputs = new Dictionary<string, string> { ["workspaceId"] = Seed.WorkspaceId },
            TimeZone = "Europe/Berlin",
            Mapping = JsonElement.Parse(RenderSamples.Mapping).EnumerateObject().ToDictionary(member => member.Name, member => member.Value),
        }));

        // The same case with names instead of ids. The ids are found in lists in memory.
        Func<(JsonElement Record, RawJson Text)[], int> Named()
        {
            var destination = Create(new DestinationConfig
            {
                Credential = "default",
                Endpoint = "createTimeEntry",
                Inputs = new Dictionary<string, string> { ["workspaceId"] = Seed.WorkspaceId },
                TimeZone = "Europe/Berlin",
                Mapping = JsonElement.Parse(RenderSamples.Mapping).EnumerateObject().Where(member => member.Name != "tagIds").ToDictionary(member => member.Name, member => member.Value),
                References = JsonElement.Parse(NamedRecords.References).EnumerateObject().ToDictionary(member => member.Name, member => member.Value),
            });
            var lists = NamedRecords.Lists(credential);
            return elements =>
            {
                var length = 0;
                foreach (var (record, text) in elements)
                {
                    var ready = (Resolution.Ready)Resolver.Resolve(destination, record, lists);
                    length += (RequestRenderer.Render(destination, record, text, Now, ready.Resolved).Request ?? throw new InvalidOperationException($"Refused: {record}")).Body.Length;
                }

                return length;
            };
        }

        static Func<(JsonElement Record, RawJson Text)[], int> Each(Destination destination) => elements =>
        {
            var length = 0;
            foreach (var element in elements) length += Ready(destination, element).Body.Length;
            return length;
        };

        Func<(JsonElement Record, RawJson Text)[], int> Batched()
        {
            var destination = Create(new DestinationConfig { Credential = "default", Method = "POST", Url = "https://api.clockify.me/api/v1/things", Batching = new BatchingConfig { Size = BatchSize } });
            return elements =>
            {
                var length = 0;
                for (var start = 0; start < elements.Length; start += BatchSize)
                {
                    var builder = new BatchBuilder<RenderedRequest>(destination.Batching);
                    foreach (var element in elements.AsSpan(start, Math.Min(BatchSize, elements.Length - start)))
                    {
                        var request = Ready(destination, element);
                        builder.Add(request, request, element.Text);
                    }

                    foreach (var requests in builder.Batches) length += BatchBody.Combine(destination.Batching, requests).Body.Length;
                }

                return length;
            };
        }

        Destination Create(DestinationConfig config) =>
            Destination.TryCreate("bench", config, new Dictionary<string, Credential> { ["default"] = credential }, out var destination, out var problems)
                ? destination
                : throw new InvalidOperationException(string.Join(" ", problems));
    }

    private static RenderedRequest Ready(Destination destination, (JsonElement Record, RawJson Text) record) =>
        RequestRenderer.Render(destination, record.Record, record.Text, Now).Request ?? throw new InvalidOperationException($"Refused: {record}");

    private static int Serialize(JsonElement[] elements)
    {
        var length = 0;
        foreach (var element in elements) length += JsonSerializer.SerializeToUtf8Bytes(element, ApiJson.Web.JsonElement).Length;
        return length;
    }

    private static (double Nanoseconds, double Bytes) Watch(Func<int> work, int count)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = TimeProvider.System.GetTimestamp();
        work();
        var elapsed = TimeProvider.System.GetElapsedTime(started);
        return (elapsed.TotalNanoseconds / count, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count);
    }

    private static double Median(List<double> values) => Math.Round(values.Order().ElementAtOrDefault(values.Count / 2), 1);
}
