using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs.Models;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>An orderly stop by SIGTERM releases the gate. <c>HarnessTests</c> in the simulation tests show that the next instance then continues immediately.</summary>
public sealed class ShutdownTests : StackTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clockify-shutdown-").FullName;

    /// <summary>The app, whose start the test delays. A busy machine may need longer for the stop than the Functions host would wait.</summary>
    internal override LocalStackOptions Options => base.Options with
    {
        ExtraSettings = new Dictionary<string, string> { ["shutdownTimeoutSeconds"] = "60" },
        Wrapper = _ =>
        {
            var script = Path.Combine(_folder, "start.sh");
            File.WriteAllText(script, $"#!/bin/sh\nwhile [ -e '{Barrier}' ]; do sleep 0.05; done\nexec \"$@\"\n");
            File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return script;
        },
    };

    private string Barrier => Path.Combine(_folder, "wait");

    [Fact]
    public async Task AfterSigtermTheGateIsFreeAndTheNextInstanceContinues()
    {
        var records = SampleRecords.Read("130");
        await Client.SendAsync(LocalStack.Records, records.Take(120), "entries");
        await Ledger.WhenCreatedAsync(15, Cancel);
        var gate = new BlobAccount(Some.Settings(Stack.Azurite.ConnectionString)).Gates.GetBlobClient(LocalStack.Credential);
        Assert.Equal(LeaseState.Leased, (await gate.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState);

        await File.WriteAllTextAsync(Barrier, "", Cancel);
        var worker = Stack.Hosts[0].Worker!;
        using (var kill = Process.Start("kill", ["-TERM", worker.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync(Cancel);
        await worker.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);
        Assert.Equal(200, worker.ExitCode); // With this exit code the host starts another worker and counts no failure.
        var left = (await gate.GetPropertiesAsync(cancellationToken: Cancel)).Value;
        Assert.Equal((LeaseState.Available, true), (left.LeaseState, left.Metadata.ContainsKey("state")));
        // Calls that were in flight have their response and their event.
        await Events.WhenAsync(Ledger.CreatedTimeEntries.Count, Patience);
        // Also if the first records were delivered before the stop, the next instance has work.
        await Client.SendAsync(LocalStack.Records, records.Skip(120), "entries");

        File.Delete(Barrier);
        await Events.WhenAsync(130, Patience);
        AssertExactlyOnce(records);
        Directory.Delete(_folder, recursive: true);
    }
}
