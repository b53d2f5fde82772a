using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sync;

/// <summary>The table that says what is done for a record.</summary>
public sealed class SyncDecisionTests
{
    private const string Object = "64a687e29ae1f428e7ebe301";

    [Theory]
    [InlineData("upsert", "none", "other", "Create")]
    [InlineData("upsert", "active", "same", "Nothing")]
    [InlineData("upsert", "active", "other", "Update")]
    [InlineData("upsert", "archived", "same", "Restore")]
    [InlineData("upsert", "archived", "other", "Restore")]
    [InlineData("upsert", "gone", "same", "Create")]
    [InlineData("insert", "none", "other", "Create")]
    [InlineData("insert", "active", "other", "Nothing")]
    [InlineData("insert", "archived", "other", "Nothing")]
    [InlineData("update", "none", "other", "AdoptOnly")]
    [InlineData("update", "active", "other", "Update")]
    [InlineData("update", "gone", "other", "Refuse")]
    [InlineData("mirror", "active", "other", "Update")]
    public void TheLinkDecidesAboutARecord(string mode, string state, string hash, string step) => Assert.Equal(step, Decide($"\"mode\":\"{mode}\"", RecordOperation.Write, state, hash).Step.ToString());

    [Theory]
    [InlineData("recreate", "Create")]
    [InlineData("reject", "Refuse")]
    [InlineData("forget", "Nothing")]
    public void AnObjectDeletedInClockifyIsTreatedAccordingToTheConfig(string gone, string step) => Assert.Equal(step, Decide($"\"gone\":\"{gone}\"", RecordOperation.Write, "gone", "other").Step.ToString());

    [Theory]
    [InlineData("projects", "", "active", "Archive")]
    [InlineData("projects", "", "archived", "Nothing")]
    [InlineData("projects", "", "none", "Nothing")]
    [InlineData("projects", "", "gone", "Nothing")]
    [InlineData("projects", ",\"mode\":\"mirror\",\"vanished\":\"delete\"", "active", "Delete")]
    [InlineData("projects", ",\"mode\":\"mirror\",\"vanished\":\"delete\"", "archived", "Delete")]
    [InlineData("timeEntries", "", "active", "Delete")]
    public void ATombstoneArchivesOrDeletes(string what, string members, string state, string step) => Assert.Equal(step, Decide(members.TrimStart(','), RecordOperation.Delete, state, "other", what).Step.ToString());

    [Fact]
    public void AnObjectArchivedLongEnoughIsDeleted() => Assert.Equal(SyncStep.Delete, Decide("\"mode\":\"mirror\",\"deleteAfterDays\":1", RecordOperation.Vanish, "archived", "other").Step);

    [Theory]
    [InlineData("", "other", "Refuse")]
    [InlineData("", "same", "Nothing")]
    [InlineData("\"onDoubleKey\":\"last\"", "other", "Update")]
    public void AKeyTwiceInARunIsRefusedUnlessItsContentIsEqual(string members, string hash, string step) =>
        Assert.Equal(step, Decide(members, RecordOperation.Write, "active", hash, namedBefore: true).Step.ToString());

    [Fact]
    public void AChangedObjectThatClockifyCannotChangeIsRefused()
    {
        var decision = Decide("", RecordOperation.Write, "active", "other", "invoicePayments");
        Assert.Equal(SyncStep.Refuse, decision.Step);
        Assert.Contains(Object, decision.Reason);
    }

    [Theory]
    [InlineData(0, "Nothing")]
    [InlineData(6, "Nothing")]
    [InlineData(7, "Create")]
    public void ADeliveredValueIsStoredForTheConfiguredDays(int days, string step)
    {
        var rules = Read("\"endpoint\":\"createProject\",\"dedupeBy\":\"id\"").Links!;
        var link = new Link(LinkState.Active, default, default, 0, Written.Now);
        Assert.Equal(step, SyncDecision.Of(rules, RecordOperation.Write, link, 0, false, Written.Now.AddDays(days)).Step.ToString());
    }

    private static SyncDecision Decide(string members, RecordOperation operation, string state, string hash, string what = "projects", bool namedBefore = false)
    {
        Assert.True(ObjectId.TryParse(Object, out var id));
        var link = state == "none" ? default : new Link(Enum.Parse<LinkState>(state, ignoreCase: true), id, default, 1, Written.Now);
        var destination = Read($"\"sync\":\"{what}\",\"key\":\"key\"{(members.Length > 0 ? "," : "")}{members}");
        return SyncDecision.Of(destination.Links!, operation, link, hash == "same" ? (UInt128)1 : 2, namedBefore, Written.Now.AddDays(2));
    }

    private static Destination Read(string members) => Written.Destination($$"""{"credential":"default","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"},{{members}}}""");
}
