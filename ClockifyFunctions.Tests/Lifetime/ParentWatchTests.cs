using System.Diagnostics;
using System.Globalization;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.Lifetime;

[Trait(Categories.Name, Categories.Process)]
public sealed class ParentWatchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clockify-parent-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWorkerEndsWhenItsParentHasEnded()
    {
        // The shell is the parent of the worker. It writes the process id of the worker to a file, and its end sends no signal to the worker.
        var (script, id) = (Path.Combine(_folder, "parent.sh"), Path.Combine(_folder, "id"));
        await File.WriteAllTextAsync(script, $"#!/bin/sh\n\"$@\" &\necho $! >'{id}'\nwait\n", Cancel);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var stack = await LocalStack.StartAsync(new LocalStackOptions { Wrapper = _ => script }, NullLoggerFactory.Instance, Cancel);
        using var worker = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(id, Cancel), CultureInfo.InvariantCulture));
        Assert.False(worker.HasExited);

        using (var shell = Process.GetProcessById(stack.Hosts[0].Worker!.Id)) shell.Kill();

        await worker.WaitForExitAsync(Cancel).WaitAsync(TimeSpan.FromMinutes(2), Cancel);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
