using ClockifyFunctions.LocalHost.ClockifySimulator;
using static ClockifyFunctions.Tests.LocalHost.ClockifySimulator.SimulatorFixture;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class RequestPipelineTests
{
    [Theory]
    [InlineData("X-Api-Key", "no such key", 4003, "Api key does not exist")]
    [InlineData("X-Addon-Token", "no such token", 4017, "Token is not valid")]
    [InlineData("X-Addon-Token", Seed.AdaKey, 4017, "Token is not valid")]
    [InlineData("X-Api-Key", Seed.AddonToken, 4003, "Api key does not exist")]
    [InlineData("X-Api-Key", "", 1000, "Multiple or none auth tokens present")]
    [InlineData("Authorization", "Bearer abc", 1000, "Multiple or none auth tokens present")]
    public async Task BadCredentialsAreAnsweredWith401(string header, string value, int code, string message)
    {
        await using var it = await StartAsync();
        using var request = it.Request("GET", "/user");
        request.Headers.Add(header, value);
        (await it.SendAsync(request)).Is(401, code, message);
    }

    [Fact]
    public async Task TwoCredentialsInOneRequestAreAnsweredWith401()
    {
        await using var it = await StartAsync();
        using var request = it.Request("GET", "/user");
        request.Headers.Add("X-Api-Key", Seed.AdaKey);
        request.Headers.Add("X-Addon-Token", Seed.AddonToken);
        (await it.SendAsync(request)).Is(401, 1000, "Multiple or none auth tokens present");
    }

    [Fact]
    public async Task AKeyCanBeAddedRevokedAndRestored()
    {
        await using var it = await StartAsync();
        it.Simulator.AddKey(new SimulatedKey("k", "5f0b1c2d3e4f5a6b7c8d9eff", "Fay", "f@x.org", Role.Admin, [Seed.WorkspaceId]));
        Assert.Equal("Fay", (await it.SendAsync("GET", "/user", key: "k")).Text("name"));
        it.Simulator.RevokeKey("k");
        (await it.SendAsync("GET", "/user", key: "k")).Is(401, 4003, "Api key does not exist");
        it.Simulator.UnrevokeKey("k");
        Assert.Equal(200, (await it.SendAsync("GET", "/user", key: "k")).Status);
    }

    [Fact]
    public async Task AWorkspaceListHasOnlyTheWorkspacesOfTheCaller()
    {
        await using var it = await StartAsync();
        var list = (await it.SendAsync("GET", "/workspaces", key: Seed.EveKey)).List;
        Assert.Equal(Seed.ForeignWorkspaceId, Assert.Single(list)!["id"]!.ToString());
    }

    [Fact]
    public async Task AnUnknownWorkspaceIsAnEmpty404AndAForeignOneA403()
    {
        await using var it = await StartAsync();
        var unknown = await it.SendAsync("POST", $"/workspaces/{Seed.UnknownWorkspaceId}/time-entries", new { });
        Assert.Equal((404, ""), (unknown.Status, unknown.Raw));
        (await it.SendAsync("POST", $"/workspaces/{Seed.ForeignWorkspaceId}/time-entries", new { }))
            .Is(403, 501, "Access Denied");
    }

    [Fact]
    public async Task AnUnknownRouteIs404AndAWrongMethodIs405WithAllowBothWithCode3000()
    {
        await using var it = await StartAsync();
        (await it.SendAsync("GET", "/nothing/here")).Is(404, 3000, "No static resource v1/nothing/here.");
        var wrong = await it.SendAsync("GET", $"{W}/time-entries");
        wrong.Is(405, 3000, "Request method 'GET' is not supported");
        Assert.Contains("POST", wrong.Allow, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheEleventhCallOfASecondGetsAnEmpty429WithoutRetryAfter()
    {
        await using var it = await StartAsync(new SimulatorOptions { RefusedRequestsCount = false });
        for (var i = 0; i < 10; i++)
            Assert.Equal(200, (await it.SendAsync("GET", "/user")).Status);

        it.Time.Advance(TimeSpan.FromMilliseconds(999.9));
        var refused = await it.SendAsync("GET", "/user");
        Assert.Equal((429, "", null), (refused.Status, refused.Raw, refused.RetryAfter));
        Assert.Equal(200, (await it.SendAsync("GET", "/user", key: Seed.BenKey)).Status);

        it.Time.Advance(TimeSpan.FromMilliseconds(0.1));
        Assert.Equal(200, (await it.SendAsync("GET", "/user")).Status);
        Assert.Equal(1, it.Simulator.Ledger.Responses429);
        Assert.Equal(1, it.Simulator.Ledger.WindowsAboveLimit(Seed.AdaKey, 10, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task ParallelCallsCannotExceedTheLimitAndTheLedgerIsInOrder()
    {
        await using var it = await StartAsync(new SimulatorOptions());
        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => it.SendAsync("GET", "/user")));
        Assert.Equal(10, replies.Count(r => r.Status == 200));
        Assert.Equal(30, it.Simulator.Ledger.Responses429);
        Assert.Equal(30, it.Simulator.Ledger.WindowsAboveLimit(Seed.AdaKey, 10, TimeSpan.FromSeconds(1)));
        Assert.True(it.Simulator.Ledger.Calls.Take(10).All(c => c.Accepted));
    }

    [Fact]
    public async Task A429HasTheConfiguredBodyAndRetryAfter()
    {
        await using var it = await StartAsync(new SimulatorOptions
        {
            KeyWindows = [RateWindow.PerHour(1)],
            JsonBodyOn429 = true,
            RetryAfterOn429 = TimeSpan.FromSeconds(1.5),
        });
        await it.SendAsync("GET", "/user");
        var refused = await it.SendAsync("GET", "/user");
        refused.Is(429, 429, "Too many requests");
        Assert.Equal("2", refused.RetryAfter);
    }

    [Fact]
    public async Task TheStateIsKeptWhileTheSimulatorDoesNotListen()
    {
        await using var it = await StartAsync();
        var id = await it.CreateEntryAsync("before");
        var address = it.Simulator.BaseAddress;
        await it.Simulator.StopListeningAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => it.SendAsync("GET", "/user"));

        await it.Simulator.StartListeningAsync(TestContext.Current.CancellationToken);
        Assert.Equal(address, it.Simulator.BaseAddress);
        Assert.Equal(200, (await it.SendAsync("GET", $"{W}/time-entries/{id}")).Status);
    }

    [Fact]
    public async Task TheSummaryIsNeitherLimitedNorInTheLedger()
    {
        await using var it = await StartAsync();
        await it.CreateEntryAsync("one");
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(it.Simulator.BaseAddress, "/_simulator/ledger/summary"));
        var key = (await it.SendAsync(request)).Json["keys"]!.AsArray().Single()!;
        Assert.Equal(Ledger.Fingerprint(Seed.AdaKey), key["key"]!.ToString());
        Assert.Equal(1, key["calls"]!.GetValue<int>());
        Assert.Equal(1, key["createdTimeEntries"]!.GetValue<int>());
        Assert.Single(it.Simulator.Ledger.Calls);
    }
}
