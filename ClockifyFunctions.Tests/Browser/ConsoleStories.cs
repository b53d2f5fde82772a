using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Browser;

/// <summary>
/// Tests the console in Debian's chromium. The stories are in <c>driver/stories</c>, and each of their steps has a name. Each test prints the
/// folder of its screenshots: of a failed step, and with the environment variable PICTURES of each checked view.
/// </summary>
public abstract class ConsoleStories(ConsoleStack fixture) : IClassFixture<ConsoleStack>
{
    internal LocalStack Stack => fixture.Stack;

    internal Ledger Ledger => Stack.Simulator!.Ledger;

    internal static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <returns>The report of each step.</returns>
    internal async Task<IReadOnlyList<JsonElement>> RunStoryAsync(string story)
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
