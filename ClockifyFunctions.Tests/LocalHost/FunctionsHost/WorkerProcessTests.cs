using System.Diagnostics;
using ClockifyFunctions.LocalHost.FunctionsHost.Workers;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

[Trait(Categories.Name, Categories.Process)]
public sealed class WorkerProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheExitCodeIsReported()
    {
        using var process = WorkerProcess.Start(Shell("exit 3"), NullLogger.Instance);

        Assert.Equal(3, await process.Exited.WaitAsync(Cancel));
    }

    [Fact]
    public async Task TheLastErrorLinesAreKept()
    {
        using var process = WorkerProcess.Start(Shell("for i in 1 2 3 4; do echo line $i >&2; done; exit 1"), NullLogger.Instance);

        await process.Process.WaitForExitAsync(Cancel);

        Assert.Equal("line 2 | line 3 | line 4", process.LastErrors);
    }

    [Fact]
    public async Task AKillEndsTheProcessAndItsChildren()
    {
        using var process = WorkerProcess.Start(Shell("sleep 1000 & echo started >&2; wait"), NullLogger.Instance);
        await Eventually.TrueAsync("the child runs", () => process.LastErrors == "started", TimeSpan.FromSeconds(60));

        process.Kill();

        Assert.Equal(137, await process.Exited.WaitAsync(Cancel));
        // The child process keeps the output open until it ends.
        await process.Process.WaitForExitAsync(Cancel);
        process.Kill();
    }

    [Theory]
    [InlineData("Unhandled exception. System.Exception", LogLevel.Error)]
    [InlineData("it failed", LogLevel.Error)]
    [InlineData("warning: old", LogLevel.Warning)]
    [InlineData("hello", LogLevel.Information)]
    public void AnErrorLineHasTheLevelOfItsWords(string line, LogLevel level) => Assert.Equal(level, WorkerOutput.LevelOf(line));

    private static ProcessStartInfo Shell(string script) => new("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
