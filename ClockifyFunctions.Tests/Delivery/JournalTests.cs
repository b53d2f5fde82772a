using ClockifyFunctions.Backlog;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Delivery;

[Collection(AzuriteCollection.Name)]
public class JournalTests(AzuriteFixture azurite)
{
    private readonly string _credential = Some.Name("credential");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatAnotherProcessWroteIsReadAndWhatWasReadIsKept()
    {
        var (ours, theirs) = (new Journals(azurite.Account, TimeProvider.System), new Journals(azurite.Account, TimeProvider.System));
        var first = await OpenAsync(ours);
        first.Add(Entry("1", JournalKind.Intent));
        await first.WriteAsync(Cancel);
        var other = await OpenAsync(theirs);
        other.Add(Entry("1", JournalKind.Delivered) with { EntityId = "e1" });
        await other.WriteAsync(Cancel);

        var again = await OpenAsync(ours);
        Assert.Same(first, again);
        Assert.Equal(JournalKind.Delivered, again.Latest("1")!.Kind);
        Assert.True(again.TryClaim("e1", "1"));
        Assert.False(again.TryClaim("e1", "2"));
        Assert.Equal((true, false), (again.Knows("e1"), again.Knows("e2")));
        Assert.Null(again.Latest("2"));
    }

    [Fact]
    public async Task AJournalThatWasDeletedAndMadeAgainIsReadFromItsBeginningHoweverLongItIs()
    {
        var ours = new Journals(azurite.Account, TimeProvider.System);
        var first = await OpenAsync(ours);
        first.Add(Entry("former", JournalKind.Delivered));
        await first.WriteAsync(Cancel);
        await OpenAsync(ours);
        await foreach (var blob in azurite.Account.Journal.GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, _credential, Cancel))
            await azurite.Account.Journal.GetBlobClient(blob.Name).DeleteAsync(cancellationToken: Cancel);
        // The service tells by the second when a blob was made.
        var second = DateTimeOffset.UtcNow.Second;
        await Eventually.TrueAsync("another second", () => Task.FromResult(DateTimeOffset.UtcNow.Second != second), TimeSpan.FromSeconds(10));
        var theirs = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        for (var number = 0; number < 20; number++) theirs.Add(Entry($"{number}", JournalKind.Delivered));
        await theirs.WriteAsync(Cancel);

        var again = await OpenAsync(ours);
        Assert.Null(again.Latest("former"));
        Assert.All(Enumerable.Range(0, 20), number => Assert.Equal(JournalKind.Delivered, again.Latest($"{number}")?.Kind));
    }

    [Theory]
    [InlineData(nameof(JournalKind.Intent))]
    [InlineData(nameof(JournalKind.Released))]
    public async Task AnOutcomeIsFinalWhateverALateWriterSays(string late)
    {
        var (ours, theirs) = (await OpenAsync(new Journals(azurite.Account, TimeProvider.System)), await OpenAsync(new Journals(azurite.Account, TimeProvider.System)));
        ours.Add(Entry("1", JournalKind.Delivered) with { EntityId = "e1" });
        await ours.WriteAsync(Cancel);
        theirs.Add(Entry("1", Enum.Parse<JournalKind>(late)));
        await theirs.WriteAsync(Cancel);
        Assert.Equal(JournalKind.Delivered, (await OpenAsync(new Journals(azurite.Account, TimeProvider.System))).Latest("1")!.Kind);
        Assert.Equal(JournalKind.Delivered, ours.Latest("1")!.Kind);
    }

    [Fact]
    public async Task WhatAFormerHolderReleasesLateDoesNotUndoTheIntentOfItsSuccessor()
    {
        var former = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        former.Add(Entry("1", JournalKind.Intent));
        former.Add(Entry("2", JournalKind.Intent));
        await former.WriteAsync(Cancel);
        former.Add(Entry("1", JournalKind.Released));
        former.Add(Entry("2", JournalKind.Delivered));

        var successor = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        successor.Add(Entry("1", JournalKind.Intent));
        await successor.WriteAsync(Cancel);
        await former.CloseAsync(lost: new CancellationToken(canceled: true));

        var next = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        Assert.Equal(JournalKind.Intent, next.Latest("1")!.Kind);
        Assert.Equal(JournalKind.Delivered, next.Latest("2")!.Kind);
        Assert.False(former.IsClean);
    }

    [Fact]
    public async Task ALateWriterHearsWhatItsSuccessorSaidAndWritesNoMore()
    {
        var (former, successor) = (await OpenAsync(new Journals(azurite.Account, TimeProvider.System)), await OpenAsync(new Journals(azurite.Account, TimeProvider.System)));
        successor.Add(Entry("1", JournalKind.Intent));
        await successor.WriteAsync(Cancel);

        // It still believes in its gate when its request leaves, and no more when that is refused.
        using var lost = new CancellationTokenSource();
        former.Add(Entry("1", JournalKind.Released));
        var late = former.WriteAsync(lost.Token);
        await lost.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        Assert.Equal(JournalKind.Intent, (await OpenAsync(new Journals(azurite.Account, TimeProvider.System))).Latest("1")!.Kind);
    }

    [Fact]
    public async Task AHolderReadsTheLateLinesOfAFormerOneBeforeItWritesOn()
    {
        var (former, successor) = (await OpenAsync(new Journals(azurite.Account, TimeProvider.System)), await OpenAsync(new Journals(azurite.Account, TimeProvider.System)));
        former.Add(Entry("1", JournalKind.Delivered) with { EntityId = "e1" });
        former.Add(Entry("2", JournalKind.Released));
        await former.WriteAsync(Cancel);
        successor.Add(Entry("1", JournalKind.Intent));
        successor.Add(Entry("2", JournalKind.Intent));
        await successor.WriteAsync(Cancel);

        foreach (var journal in new[] { successor, await OpenAsync(new Journals(azurite.Account, TimeProvider.System)) })
        {
            Assert.Equal(JournalKind.Delivered, journal.Latest("1")!.Kind);
            Assert.Equal(JournalKind.Intent, journal.Latest("2")!.Kind);
            Assert.False(journal.TryClaim("e1", "2"));
        }
    }

    [Fact]
    public async Task AnIntentThatWasNotWrittenWhenTheDrainEndsNeverIs()
    {
        var journals = new Journals(azurite.Account, TimeProvider.System);
        var journal = await OpenAsync(journals);
        journal.Add(Entry("1", JournalKind.Intent));
        await journal.CloseAsync(lost: CancellationToken.None);
        Assert.Null((await OpenAsync(new Journals(azurite.Account, TimeProvider.System))).Latest("1"));
        Assert.Null((await OpenAsync(journals)).Latest("1"));
    }

    [Fact]
    public async Task AnEventIsOwedUntilItIsEmittedOrTheCursorHasPassed()
    {
        var journals = new Journals(azurite.Account, TimeProvider.System);
        var journal = await OpenAsync(journals);
        journal.Add(Entry("1", JournalKind.Delivered, at: 10, withEvent: true));
        journal.Add(Entry("2", JournalKind.Delivered, at: 20, withEvent: true));
        await journal.WriteAsync(Cancel);
        journal.Emitted("1");
        Assert.Equal([null, "2"], new[] { "1", "2" }.Select(id => journal.Latest(id)!.Event?.ToElement().GetProperty("subject").GetString()));

        var successor = await new Journals(azurite.Account, TimeProvider.System).OpenAsync(_credential, "d", new LogPosition(1, 10), Cancel);
        Assert.Equal([null, "2"], new[] { "1", "2" }.Select(id => successor.Latest(id)!.Event?.ToElement().GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task AnEventThatTheBrokerTookBeforeItsOutcomeWasWrittenIsNotWritten()
    {
        var journal = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        journal.Add(Entry("1", JournalKind.Delivered, withEvent: true));
        journal.Add(Entry("2", JournalKind.Delivered, withEvent: true));
        journal.Emitted("1");
        await journal.WriteAsync(Cancel);

        var successor = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        Assert.Equal([JournalKind.Delivered, JournalKind.Delivered], new[] { "1", "2" }.Select(id => successor.Latest(id)!.Kind));
        Assert.Equal([null, "2"], new[] { "1", "2" }.Select(id => successor.Latest(id)!.Event?.ToElement().GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task AJournalLeftWithSomethingUnwrittenIsReadAnewForStorageDecides()
    {
        var journals = new Journals(azurite.Account, TimeProvider.System);
        var journal = await OpenAsync(journals);
        journal.Add(Entry("1", JournalKind.Intent));
        var again = await OpenAsync(journals);
        Assert.NotSame(journal, again);
        Assert.Null(again.Latest("1"));
    }

    [Fact]
    public async Task AJournalThatWasNotOpenedForLongIsNotKept()
    {
        var time = new FakeTimeProvider();
        var journals = new Journals(azurite.Account, time);
        var (idle, busy) = (await OpenAsync(journals), await journals.OpenAsync(_credential, "busy", LogPosition.Start, Cancel));
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Same(busy, await journals.OpenAsync(_credential, "busy", LogPosition.Start, Cancel));
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Same(busy, await journals.OpenAsync(_credential, "busy", LogPosition.Start, Cancel));
        Assert.NotSame(idle, await OpenAsync(journals));
    }

    [Fact]
    public async Task TheJournalOfADestinationThatWasMadeAnewIsReadFromItsStart()
    {
        var journal = new Journal(azurite.Account, _credential, "d", segmentBytes: 10);
        journal.Add(Entry("1", JournalKind.Delivered));
        await journal.WriteAsync(Cancel); // Rolls: it would go on in the second segment.
        await new Backlogs(azurite.Account).DeleteAsync(_credential, "d", Cancel);
        var other = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        other.Add(Entry("2", JournalKind.Delivered));
        await other.WriteAsync(Cancel);

        await journal.CatchUpAsync(LogPosition.Start, Cancel);
        Assert.Null(journal.Latest("1"));
        Assert.NotNull(journal.Latest("2"));
    }

    [Fact]
    public async Task OldSegmentsGoAndTheLatestTwoStayAndThoseThatSpeakOfWhatTheCursorHasNotPassed()
    {
        var journal = new Journal(azurite.Account, _credential, "d", segmentBytes: 200, keepMinutes: 0);
        for (var number = 0; number < 9; number++)
        {
            journal.Add(Entry($"{number}", JournalKind.Delivered, at: number));
            await journal.WriteAsync(Cancel);
        }

        // The broker was away, say: the records are done and the cursor is still at the first of them.
        await journal.CatchUpAsync(new LogPosition(1, 0), Cancel);
        Assert.All(["1", "8"], id => Assert.Equal(JournalKind.Delivered, journal.Latest(id)?.Kind));

        await journal.CatchUpAsync(new LogPosition(1, 8), Cancel);
        var fresh = new Journal(azurite.Account, _credential, "d");
        await fresh.CatchUpAsync(new LogPosition(1, 8), Cancel);
        Assert.All([journal, fresh], read => Assert.Null(read.Latest("1")));
        Assert.All([journal, fresh], read => Assert.NotNull(read.Latest("8")));
    }

    [Fact]
    public async Task SegmentsOfTheLastMinutesStay()
    {
        var journal = new Journal(azurite.Account, _credential, "d", segmentBytes: 10);
        for (var number = 0; number < 5; number++)
        {
            journal.Add(Entry($"{number}", JournalKind.Delivered));
            await journal.WriteAsync(Cancel);
        }

        await journal.CatchUpAsync(new LogPosition(1, 10), Cancel);
        Assert.NotNull(journal.Latest("0"));
    }

    [Fact]
    public async Task AnObjectIsClaimedByOneRecordAndAgainByTheSame()
    {
        var journal = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        // Two records alike are in doubt: one arrived, and both are read back at once.
        Assert.True(journal.TryClaim("e1", "1"));
        Assert.False(journal.TryClaim("e1", "2"));
        Assert.True(journal.TryClaim("e1", "1"));
        // Its own outcome, which a former holder wrote late, does not make it look as if it had not arrived.
        journal.Add(Entry("1", JournalKind.Delivered) with { EntityId = "e1" });
        Assert.True(journal.TryClaim("e1", "1"));
        Assert.False(journal.TryClaim("e1", "2"));
    }

    [Fact]
    public async Task AnIntentIsAsOldAsTheFirstOneWithoutALaterWord()
    {
        var first = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        first.Add(Entry("1", JournalKind.Intent) with { IntendedAt = 100 });
        first.Add(Entry("2", JournalKind.Intent) with { IntendedAt = 100 });
        first.Add(Entry("2", JournalKind.Released));
        await first.WriteAsync(Cancel);
        var second = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        second.Add(Entry("1", JournalKind.Intent) with { IntendedAt = 200 });
        second.Add(Entry("2", JournalKind.Intent) with { IntendedAt = 200 });
        await second.WriteAsync(Cancel);

        foreach (var journal in new[] { second, await OpenAsync(new Journals(azurite.Account, TimeProvider.System)) })
            Assert.Equal([100L, 200L], new[] { "1", "2" }.Select(id => journal.Latest(id)!.Intended!.Value.First));
    }

    [Fact]
    public async Task AnEventThatAnotherHolderHasEmittedIsNotOwedForEver()
    {
        var journal = await OpenAsync(new Journals(azurite.Account, TimeProvider.System));
        journal.Add(Entry("1", JournalKind.Delivered, at: 10, withEvent: true));
        await journal.WriteAsync(Cancel);
        await journal.CatchUpAsync(new LogPosition(1, 10), Cancel);
        Assert.Null(journal.Latest("1")!.Event);
    }

    private Task<Journal> OpenAsync(Journals journals) => journals.OpenAsync(_credential, "d", LogPosition.Start, Cancel);

    private static JournalEntry Entry(string id, JournalKind kind, int at = 10, bool withEvent = false) => new(
        id, kind, new LogPosition(1, at),
        Event: withEvent ? RawJson.Of(Some.Json($$"""{"id":"{{id}}","subject":"{{id}}"}""")) : null);
}
