using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Browser;

/// <summary>The console in Debian's chromium. What is done in it is in <c>driver/stories.mjs</c>; pictures are in a folder that each test names.</summary>
[Collection(BrowserStackCollection.Name)]
public sealed class ConsoleTests(BrowserStack stack)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private LocalStack Stack => stack.Stack;

    [Fact]
    public async Task FromTheKeyToAReplayedRecord()
    {
        await TellAsync("delivery");
        Assert.Equal(["browser 1", "browser 2", "browser 3", "no zone"], Created().Where(description => description.StartsWith("browser", StringComparison.Ordinal) || description == "no zone").Order());
    }

    [Fact]
    public async Task WhatWouldBeSentIsSeenAndTestedBeforeAnythingIsSent()
    {
        await TellAsync("preview");
        Assert.Equal(["a test"], Created().Where(description => description is "first" or "second" or "a test" or "waits here"));
    }

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

        // The function that serves it opens nothing else.
        using var api = await anyone.GetAsync("api/destinations", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        using var near = await anyone.GetAsync("api/consoles", Cancel);
        Assert.Equal(HttpStatusCode.Unauthorized, near.StatusCode);
    }

    /// <summary>The descriptions of all time entries that the stories of this stack have created.</summary>
    private IEnumerable<string> Created() => Stack.Simulator!.Ledger.CreatedTimeEntries.Select(entry => entry.Description);

    private async Task TellAsync(string story)
    {
        var chromium = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists);
        Assert.SkipWhen(chromium is null, "There is no chromium on the PATH; on Debian: apt-get install chromium.");
        using var page = await Stack.Api.GetAsync("console", Cancel);
        Assert.SkipWhen(page.StatusCode == HttpStatusCode.NotFound, "The console was not built into the app: run ./build.sh build.");

        var driver = Path.Combine(Repository.Root, "ClockifyFunctions.Tests", "Browser", "driver");
        if (!Directory.Exists(Path.Combine(driver, "node_modules"))) await RunAsync(driver, "npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
        var pictures = Directory.CreateTempSubdirectory("console-").FullName;
        TestContext.Current.TestOutputHelper?.WriteLine($"Pictures: {pictures}");
        var output = await RunAsync(
            driver, "node", ["stories.mjs", story, Stack.Hosts[0].Address.AbsoluteUri, LocalStack.FunctionKey, Seed.WorkspaceId, Stack.Simulator!.BaseAddress.AbsoluteUri, pictures, chromium!]);
        TestContext.Current.TestOutputHelper?.WriteLine(output);

        var steps = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.NotEmpty(steps);
        Assert.All(steps, step => Assert.True(step.GetProperty("ok").GetBoolean(), $"{step} (pictures: {pictures})"));
    }

    private static async Task<string> RunAsync(string folder, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(Cancel);
            var errors = process.StandardError.ReadToEndAsync(Cancel);
            await process.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(4), Cancel);
            // A failed step says so in the output; anything else that went wrong only here.
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
