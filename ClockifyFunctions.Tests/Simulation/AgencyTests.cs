using System.Text.Json;
using ClockifyFunctions.Api;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands.Agency;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Templates;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.Tests.Simulation;

/// <summary>The example of an agency (<c>samples/agency</c>), which <c>./build.sh demo --agency</c> runs with real processes.</summary>
public sealed class AgencyTests
{
    [Fact]
    public async Task TheFileOfAnAgencyGivesTheExpectedWorkspaceAfterRepeatedImports()
    {
        var folder = AgencyFolder.Read(Repository.Agency);
        await using var world = await TestWorld.StartAsync(new WorldOptions { Simulator = new SimulatorOptions { Workspace = folder.Workspace } });
        await world.DestinationAsync("agency", folder.Destination);
        var problems = new ProblemList();
        var text = RecordsEncoding.ToUtf8(folder.Rows, RecordsFormat.Csv, "text/csv", problems, out var note);
        string[] rows = [.. RecordsText.Read(text, RecordsFormat.Csv, problems, CancellationToken.None).Select(row => JsonElement.Parse(row.Span).GetRawText())];
        Assert.Empty(problems);
        Assert.Null(note);

        world.Send("agency", rows);
        await world.UntilAsync("all rows are settled", () => Settled() == rows.Length);
        AssertAsExpected();
        var first = world.Ledger.Calls.Count;
        Assert.True(world.Ledger.Count(call => call.IsLookup) <= 0.1 * first, $"{world.Ledger.Count(call => call.IsLookup)} of {first} calls are lookups.");

        world.Send("agency", rows);
        await world.UntilAsync("all rows are settled again", () => Settled() == 2 * rows.Length);
        AssertAsExpected();
        Assert.Equal(first, world.Ledger.Calls.Count);
        world.AssertLimitsKept();

        int Settled() => world.Events.SelectMany(told => SettledRows.OfEvent(told.GetRawText())).Concat(world.Quarantine("agency").Select(entry => entry.MessageId!)).Distinct().Count();

        void AssertAsExpected()
        {
            var state = world.Simulator.Read(folder.Workspace.WorkspaceId, workspace => WorkspaceState.Of(workspace, folder.Workspace));
            var quarantined = world.Quarantine("agency").Select(entry => new QuarantinedRow(entry.Record!.Value.GetProperty(folder.KeyAttribute).GetString()!, QuarantinedRow.KindOf(entry.Kind, entry.Reason))).ToList();
            Assert.Empty(Comparison.Of(folder.Expected, state, quarantined).Differences);
        }
    }
}
