using System.Text.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.Api;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands.Agency;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.SimulationTests.World;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>The example of an agency (<c>samples/agency</c>), which <c>./build.sh demo --agency</c> runs with real processes.</summary>
public sealed class AgencyTests
{
    [Fact]
    public async Task TheFileOfAnAgencyGivesTheExpectedWorkspaceAfterRepeatedImports()
    {
        var folder = AgencyFolder.Read(Repository.Agency);
        await using var world = await TestWorld.StartAsync(new WorldOptions { Simulator = new SimulatorOptions { Workspace = folder.Workspace } });
        await world.DestinationAsync("agency", folder.Destination);
        var rows = Rows(folder);

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

        int Settled() => world.Events.SelectMany(sent => SettledRows.OfEvent(sent.GetRawText())).Concat(world.Quarantine("agency").Select(entry => entry.MessageId!)).Distinct().Count();

        void AssertAsExpected()
        {
            var state = world.Simulator.Read(folder.Workspace.WorkspaceId, workspace => WorkspaceState.Of(workspace, folder.Workspace));
            var quarantined = world.Quarantine("agency").Select(entry => new QuarantinedRow(entry.Record!.Value.GetProperty(folder.KeyAttribute).GetString()!, QuarantinedRow.KindOf(entry.Kind, entry.Reason))).ToList();
            Assert.Empty(Comparison.Of(folder.Expected, state, quarantined).Differences);
        }
    }

    [Fact]
    public async Task FiveEditedAndThreeRemovedRowsAreExactlyFiveUpdatesAndThreeDeletions()
    {
        var folder = AgencyFolder.Read(Repository.Agency);
        await using var world = await TestWorld.StartAsync(new WorldOptions { Simulator = new SimulatorOptions { Workspace = folder.Workspace } });
        var destination = JsonNode.Parse(folder.Destination)!.AsObject();
        (destination["mode"], destination["vanished"]) = ("mirror", "delete");
        await world.DestinationAsync("agency", destination.ToJsonString());
        var rows = Rows(folder);
        world.SendRun("first", rows, id: "agency");
        world.Complete("first", rows.Length, "agency");
        await world.ChangesAsync("created", folder.Expected.Entries.Count);
        await world.SettledAsync("agency");

        var delivered = folder.Expected.Entries.Select(entry => entry.Key).ToList();
        string[] edited = [.. delivered.Take(5)], removed = [.. delivered.Skip(5).Take(3)];
        string[] changed = [.. rows.Where(row => !removed.Contains(Key(row))).Select(row => edited.Contains(Key(row)) ? Edited(row) : row)];
        var before = world.Writes().Count;
        world.SendRun("second", changed, id: "agency");
        world.Complete("second", changed.Length, "agency");
        await world.ChangesAsync("deleted", 3);
        await world.SettledAsync("agency");

        Assert.Equal(["DELETE", "DELETE", "DELETE", "PUT", "PUT", "PUT", "PUT", "PUT"], world.Writes().Skip(before).Select(call => call.Method).Order(StringComparer.Ordinal));
        Assert.Equal((5, delivered.Count - 8), (world.Change("updated"), world.Change("unchanged")));
        var entries = world.Simulator.Read(folder.Workspace.WorkspaceId, workspace => WorkspaceState.Of(workspace, folder.Workspace)).Entries;
        Assert.Equal((delivered.Count - 3, 5), (entries.Count, entries.Count(entry => entry.Description == "Edited")));

        string Key(string row) => JsonNode.Parse(row)![folder.KeyAttribute]!.GetValue<string>();

        static string Edited(string row)
        {
            var record = JsonNode.Parse(row)!;
            record["What"] = "Edited";
            return record.ToJsonString();
        }
    }

    private static string[] Rows(AgencyFolder folder)
    {
        var problems = new ProblemList();
        var text = RecordsEncoding.ToUtf8(folder.Rows, RecordsFormat.Csv, "text/csv", problems, out var note);
        string[] rows = [.. RecordsText.Read(text, RecordsFormat.Csv, problems, CancellationToken.None).Select(row => JsonElement.Parse(row.Span).GetRawText())];
        Assert.Empty(problems);
        Assert.Null(note);
        return rows;
    }
}
