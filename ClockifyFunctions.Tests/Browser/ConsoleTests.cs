using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Browser;

/// <summary>Tests the console in Debian's chromium. The stories are in <c>driver/stories</c>, and each of their steps has a name. Each test prints the folder of its screenshots.</summary>
[Trait(Categories.Name, Categories.Process)]
public sealed class ConsoleTests(ConsoleStack fixture) : IClassFixture<ConsoleStack>
{
    private LocalStack Stack => fixture.Stack;

    private Ledger Ledger => Stack.Simulator!.Ledger;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ANewUserSeesAndTestsRequestsBeforeRecordsAreSent()
    {
        await TellAsync("setup");
        Assert.Single(Ledger.CreatedTimeEntries, entry => entry.Description == "a test");
    }

    [Fact]
    public async Task RecordsAreDeliveredQuarantinedAndReplayed()
    {
        await TellAsync("delivery");
        Assert.Equal(["browser 1", "browser 2", "browser 3", "no zone"], Ledger.CreatedTimeEntries.Select(entry => entry.Description).Where(text => text.StartsWith("browser", StringComparison.Ordinal) || text == "no zone").Order());
    }

    [Fact]
    public async Task EveryShownNumberEqualsTheLedger()
    {
        var steps = await TellAsync("numbers");
        var sent = Ledger.CallsOf(ConsoleStack.CountedKey);
        var created = Ledger.CreatedTimeEntries.Count(entry => entry.Description.StartsWith("counted", StringComparison.Ordinal));
        // The maximum number of calls in any interval of one second, according to the ledger.
        var most = sent.Max(first => sent.Count(call => call.Timestamp >= first.Timestamp && call.Timestamp < first.Timestamp + TimeProvider.System.TimestampFrequency));
        var whileSending = steps[0];
        Assert.InRange(whileSending.GetProperty("shownPeak").GetDouble(), 1, most);
        var atRest = steps[1];
        Assert.Equal((0, created, 5), (atRest.GetProperty("waiting").GetInt32(), atRest.GetProperty("delivered").GetInt32(), atRest.GetProperty("quarantined").GetInt32()));
        Assert.InRange(atRest.GetProperty("chartPeak").GetDouble(), 1, most);
        Assert.Equal(Stack.Options.Permits, atRest.GetProperty("chartLimit").GetInt32());
        Assert.Equal(5, steps[2].GetProperty("quarantined").GetInt32());
    }

    [Fact]
    public async Task TheColumnsOfAFileAreMappedBeforeAnythingIsSent() => await TellAsync("columns");

    [Fact]
    public async Task RecordsArePlannedAppliedAndUnchangedAfterwards()
    {
        await TellAsync("synchronize");
        Assert.Equal(["Plan A", "Plan B"], Stack.Simulator!.World.Workspace(Seed.WorkspaceId).Tags.Values.Select(tag => tag.Name).Where(name => name.StartsWith("Plan ", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task ACredentialIsCreatedRotatedLimitedAndDeletedInTheConsole()
    {
        await TellAsync("credentials");
        Assert.Single(Ledger.CreatedTimeEntries, entry => entry.Description == "with a new key");
    }

    [Fact]
    public async Task TwoHundredDestinationsAreFoundWithFewRequests() => await TellAsync("many");

    [Fact]
    public async Task ThePageIsOpenStrictAndCached()
    {
        using var anyone = new HttpClient { BaseAddress = Stack.Hosts[0].Address };
        using var page = await anyone.GetAsync("api/console", Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.SkipWhen(page.StatusCode == HttpStatusCode.NotFound, html);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

        using var again = new HttpRequestMessage(HttpMethod.Get, "api/console/");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        using var unchanged = await anyone.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        var script = html.Split("src=\"")[1].Split('"')[0];
        using var packed = new HttpRequestMessage(HttpMethod.Get, script);
        packed.Headers.Add("Accept-Encoding", "gzip, br");
        using var answer = await anyone.SendAsync(packed, Cancel);
        Assert.Equal("br", Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("x-functions-key", await anyone.GetStringAsync(script, Cancel), StringComparison.Ordinal);

        using var plain = new HttpRequestMessage(HttpMethod.Get, script) { Headers = { { "Accept-Encoding", "br;q=0, identity" } } };
        using var unpacked = await anyone.SendAsync(plain, Cancel);
        Assert.Empty(unpacked.Content.Headers.ContentEncoding);

        // The functions that serve the page serve no other files, and no other function has a path with the same prefix.
        using var api = await anyone.GetAsync("api/destinations", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        using var near = await anyone.GetAsync("api/consoles", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, near.StatusCode);
    }

    /// <returns>The report of each step.</returns>
    private async Task<IReadOnlyList<JsonElement>> TellAsync(string story)
    {
        var chromium = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "There is no chromium on the PATH; on Debian: apt-get install chromium.");
        using var page = await Stack.Api.GetAsync("console", Cancel);
        Assert.SkipWhen(page.StatusCode == HttpStatusCode.NotFound, "The console was not built into the app: run ./build.sh build.");

        var driver = Path.Combine(Repository.Root, "ClockifyFunctions.Tests", "Browser", "driver");
        if (!Directory.Exists(Path.Combine(driver, "node_modules"))) await RunAsync(driver, "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        var folder = Directory.CreateTempSubdirectory("console-").FullName;
        TestContext.Current.TestOutputHelper?.WriteLine($"Pictures: {folder}");
        var options = JsonSerializer.Serialize(
            new { address = Stack.Hosts[0].Address.AbsoluteUri, key = Stack.FunctionKey, workspace = Seed.WorkspaceId, api = Stack.Simulator!.BaseAddress.AbsoluteUri, folder, chromium, keys = new { ben = Seed.BenKey, unknown = "key-of-no-one" } });
        var output = await RunAsync(driver, "node", ["run.mjs", story, options]);
        TestContext.Current.TestOutputHelper?.WriteLine(output);

        var steps = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.True(step.GetProperty("ok").GetBoolean(), $"{step} (pictures: {folder})"));
        return steps;
    }

    private static async Task<string> RunAsync(string folder, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(Cancel);
            var errors = process.StandardError.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(4), Cancel);
            // The output contains a failed step. Only the error stream contains other errors.
            var failed = process.ExitCode != 0 && (await output).Length == 0;
            Assert.False(failed, $"{program} ended with {process.ExitCode}: {await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
