using System.Text;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.LocalHost.ClockifySimulator;
using ClockifyFunctions.Tests.Support;
using RateWindow = ClockifyFunctions.Configuration.RateWindow;

namespace ClockifyFunctions.Tests.Rendering;

/// <summary>
/// Sends the examples of the everyday endpoints to the simulator. The simulator does not use the catalog, so a wrong catalog entry fails here.
/// </summary>
public sealed class EndpointsAgainstSimulatorTests
{
    /// <summary>The time entry of the examples, for which each test creates one.</summary>
    private const string ExampleEntry = "66f1a0c2b7d14e3a9c5d0e01";

    public static TheoryData<string> Everyday => Which(_ => true);

    public static TheoryData<string> Found => Which(endpoint => endpoint.ReadBack is not null);

    public static TheoryData<string> Merged => Which(endpoint => endpoint.Merge is not null);

    public static TheoryData<string> Deleted => Which(endpoint => endpoint is { Repeat: Repeatability.Gone, Read: not null });

    [Theory]
    [MemberData(nameof(Everyday))]
    public async Task TheSimulatorAcceptsTheExample(string name)
    {
        await using var fixture = await EndpointFixture.StartAsync(name);
        Assert.Equal(Outcome.Delivered, ResponseClassifier.Classify(await fixture.SendAsync()).Outcome);
    }

    [Theory]
    [MemberData(nameof(Found))]
    public async Task ACreatedObjectIsFoundByItsNaturalKey(string name)
    {
        await using var fixture = await EndpointFixture.StartAsync(name);
        var request = fixture.Render();
        Assert.Null(await fixture.ReadBackAsync(request));
        var created = await fixture.CallAsync(request);
        Assert.Equal(JsonPeek.Text(created.Body.Utf8, "id"), await fixture.ReadBackAsync(request));
    }

    [Theory]
    [MemberData(nameof(Merged))]
    public async Task AMergeReadsWhatAnUpdateWrote(string name)
    {
        await using var fixture = await EndpointFixture.StartAsync(name);
        var request = await fixture.PrepareAsync();
        Assert.Equal(200, (await fixture.CallAsync(request)).Status);
        var read = await fixture.CallAsync(new RenderedRequest(HttpMethod.Get, request.Url, default));
        using var merged = JsonDocument.Parse(ObjectMerge.Merge(fixture.Endpoint, JsonElement.Parse(read.Body.Utf8.Span), "{}"u8.ToArray()));
        foreach (var member in fixture.Record.EnumerateObject().Where(member => fixture.Endpoint.Field(member.Name) is not null))
            Assert.True(JsonElement.DeepEquals(member.Value, merged.RootElement.GetProperty(member.Name)), $"{member.Name}: {member.Value} was written, {merged.RootElement.GetProperty(member.Name)} is read.");
    }

    [Theory]
    [MemberData(nameof(Deleted))]
    public async Task ASecondDeleteFindsNoObject(string name)
    {
        await using var fixture = await EndpointFixture.StartAsync(name);
        var request = await fixture.PrepareAsync();
        Assert.True((await fixture.CallAsync(request)).IsSuccess);
        var refused = await fixture.CallAsync(request);
        Assert.Equal(400, refused.Status);
        Assert.True(await Gone.IsAsync(fixture.Destination, request, refused, fixture.CallAsync));
    }

    [Fact]
    public async Task SeveralEntriesOfAUserShareOneCall()
    {
        await using var fixture = await EndpointFixture.StartAsync("updateTimeEntries", ""","batching":{"size":10}""");
        var second = fixture.Record.GetRawText().Replace(fixture.Entry, await fixture.Simulator.CreateEntryAsync("another", end: "2026-07-10T06:00:00Z"));
        var call = Assert.Single(Preview.Of(fixture.Destination, [fixture.Record, JsonElement.Parse(second)], Written.Now, TestContext.Current.CancellationToken).Requests);
        var answer = await fixture.CallAsync(call.Request);
        Assert.Equal((200, 2), (answer.Status, JsonElement.Parse(answer.Body.Utf8.Span).GetArrayLength()));
    }

    private static TheoryData<string> Which(Func<EndpointTemplate, bool> which) => [.. EndpointTemplate.All.Where(endpoint => endpoint.Tier == Tier.Everyday && which(endpoint)).Select(endpoint => endpoint.Name)];

    /// <summary>An endpoint, its example, and a simulator with the objects that the example names.</summary>
    private sealed class EndpointFixture : IAsyncDisposable
    {
        private readonly ClockifyClient _client = new(TimeProvider.System);

        public required SimulatorFixture Simulator { get; init; }

        public required EndpointTemplate Endpoint { get; init; }

        public required Destination Destination { get; init; }

        public required JsonElement Record { get; init; }

        public required string Entry { get; init; }

        public static async Task<EndpointFixture> StartAsync(string name, string rest = "")
        {
            var simulator = await SimulatorFixture.StartAsync();
            var endpoint = EndpointTemplate.Find(name)!;
            var credential = new Credential("default", Seed.AdaKey, "X-Api-Key", simulator.Simulator.BaseAddress, [new RateWindow(10, TimeSpan.FromSeconds(1))]);
            var entry = await simulator.CreateEntryAsync("of the example");
            return new EndpointFixture
            {
                Simulator = simulator,
                Endpoint = endpoint,
                Destination = Examples.Destination(endpoint, credential, rest + (endpoint.Archive is null ? "" : ""","archiveFirst":true""")),
                Record = JsonElement.Parse(endpoint.Example.GetRawText().Replace(ExampleEntry, entry)),
                Entry = entry,
            };
        }

        /// <summary>The request that delivery sends for this record alone.</summary>
        public RenderedRequest Render() => Assert.Single(Preview.Of(Destination, [Record], Written.Now, TestContext.Current.CancellationToken).Requests).Request;

        /// <summary>Makes the preparatory calls and returns the request of the record.</summary>
        public async Task<RenderedRequest> PrepareAsync()
        {
            var (request, stopped) = await CallSequence.PrepareAsync(Destination, Render(), CallAsync);
            Assert.Null(stopped);
            return request;
        }

        public async Task<CallResult> SendAsync() => await CallAsync(await PrepareAsync());

        public Task<CallResult> CallAsync(RenderedRequest request) => _client.SendAsync(Destination.Credential, request, TestContext.Current.CancellationToken);

        /// <summary>The id of the object that the read-back finds; null if it finds none.</summary>
        public async Task<string?> ReadBackAsync(RenderedRequest request)
        {
            var (rule, sent) = (Endpoint.ReadBack!, JsonElement.Parse(request.Body.Span));
            var list = EndpointPath.Resolve(Destination, request, rule.List!, sent, Seed.AdaUserId);
            var result = await ListSearch.FindAsync(list, rule, item => NaturalKey.IsSame(rule, sent, item, Written.Now.AddMinutes(-1), Written.Now.AddMinutes(1)), CallAsync);
            Assert.False(result.Failed, Encoding.UTF8.GetString(result.Answer.Body.Utf8.Span));
            return result.Found is { } found ? NaturalKey.Text(found, "id") : null;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await Simulator.DisposeAsync();
        }
    }
}
