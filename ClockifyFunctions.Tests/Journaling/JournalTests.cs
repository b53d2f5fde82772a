using ClockifyFunctions.Backlog;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Journaling;

public class JournalTests
{
    private const string Credential = "c";

    private readonly FakeTimeProvider _time = new(Written.Now);
    private readonly BlobAccount _account;

    public JournalTests() => _account = InMemoryStorage.Open(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LinesThatArriveDuringAnAppendAreWrittenTogetherByTheNextOne()
    {
        var journal = await OpenAsync();
        var before = Appends;
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => journal.AppendAsync(Started($"{number}"))));
        Assert.InRange(Appends - before, 1, 49);
        Assert.All(Enumerable.Range(0, 50), number => Assert.Equal(Stage.Started, StageOf(journal, $"{number}")));
        Assert.Equal(Stage.Started, StageOf(await OpenAsync(), "49"));
    }

    [Fact]
    public async Task GatheredLinesAreWrittenByOneAppendTogetherWithAddedLines()
    {
        var journal = await OpenAsync();
        journal.Add(Delivered("0"));
        await journal.FlushAsync();
        var before = Appends;
        var appended = new List<Task>();
        journal.Add(Delivered("noted"));
        journal.Gather(() => appended.AddRange(Enumerable.Range(1, 40).Select(number => journal.AppendAsync(Started($"{number}")))));
        await Task.WhenAll(appended);
        Assert.Equal(1, Appends - before);
        Assert.Equal(Stage.Delivered, StageOf(await OpenAsync(), "noted"));
    }

    [Fact]
    public async Task AnAddedLineIsDurableAfterAFlush()
    {
        var journal = await OpenAsync();
        journal.Add(Delivered("1"));
        Assert.Null(StageOf(await OpenAsync(), "1"));
        await journal.FlushAsync();
        Assert.Equal(Stage.Delivered, StageOf(await OpenAsync(), "1"));
    }

    [Fact]
    public async Task LinesOfAnotherProcessAreReadAndEarlierLinesAreKept()
    {
        var (ours, theirs) = (new Journals(_account, _time), new Journals(_account, _time));
        var first = await OpenAsync(ours);
        await first.AppendAsync(Started("1"));
        await (await OpenAsync(theirs)).AppendAsync(Delivered("1") with { EntityId = "e1" });
        var again = await OpenAsync(ours);
        Assert.Same(first, again);
        Assert.Equal(Stage.Delivered, StageOf(again, "1"));
        Assert.True(again.Memory.TryClaim("e1", "1"));
        Assert.False(again.Memory.TryClaim("e1", "2"));
        Assert.Equal((true, false), (again.Memory.Knows("e1"), again.Memory.Knows("e2")));
    }

    [Theory]
    [InlineData(nameof(Stage.Started))]
    [InlineData(nameof(Stage.Waiting))]
    [InlineData(nameof(Stage.Postponed))]
    public async Task AnOutcomeIsFinalAfterALateWrite(string late)
    {
        var (ours, theirs) = (await OpenAsync(), await OpenAsync());
        await ours.AppendAsync(Delivered("1"));
        await theirs.AppendAsync(Line("1", new RecordState(Enum.Parse<Stage>(late))));
        Assert.Equal(Stage.Delivered, StageOf(await OpenAsync(), "1"));
        Assert.Equal(Stage.Delivered, StageOf(ours, "1"));
        // The process that lost the gate has read the line of its successor.
        Assert.Equal(Stage.Delivered, StageOf(theirs, "1"));
    }

    [Fact]
    public async Task AHigherAttemptIsKeptAfterALateWriteOfALowerOne()
    {
        var (former, successor) = (await OpenAsync(), await OpenAsync());
        await successor.AppendAsync(Postponed("1", attempt: 1, place: 10));
        await former.AppendAsync(Started("1"));
        Assert.Equal((Stage.Postponed, 1), (StageOf(former, "1"), former.Memory.Find("1")!.State.Attempt));
    }

    [Fact]
    public async Task AProcessThatHasLostItsGateWritesOutcomesOnly()
    {
        using var lost = new CancellationTokenSource();
        var former = await OpenUntilLostAsync(new Journals(_account, _time), lost.Token);
        await former.AppendAsync(Started("1"), Started("2"));
        former.Add(Line("1", new RecordState(Stage.Waiting)));
        former.Add(Delivered("2"));
        await (await OpenAsync()).AppendAsync(Started("1"));
        await lost.CancelAsync();
        await former.CloseAsync();
        var next = await OpenAsync();
        Assert.Equal((Stage.Started, Stage.Delivered), (StageOf(next, "1"), StageOf(next, "2")));
        Assert.False(former.IsSound);
    }

    [Fact]
    public async Task AFailedAppendFailsForAllCallersAndTheJournalIsReadAgain()
    {
        var journals = new Journals(_account, _time);
        using var lost = new CancellationTokenSource();
        var journal = await OpenUntilLostAsync(journals, lost.Token);
        await lost.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(journal.AppendAsync(Started("1")), journal.AppendAsync(Started("2"))));
        var again = await OpenAsync(journals);
        Assert.NotSame(journal, again);
        Assert.Null(StageOf(again, "1"));
    }

    [Fact]
    public async Task AnEventIsPendingUntilTheBrokerAcceptsItOrTheCursorPassesItsRecord()
    {
        var journal = await OpenAsync();
        journal.Add(Delivered("1", place: 10, withEvent: true));
        journal.Add(Delivered("2", place: 20, withEvent: true));
        journal.Add(Delivered("3", place: 30, withEvent: true));
        // The broker accepts this event before its line is written.
        journal.Memory.Accepted("3");
        await journal.FlushAsync();
        journal.Memory.Accepted("1");
        Assert.Equal([false, true, false], new[] { "1", "2", "3" }.Select(id => journal.Memory.Find(id)!.IsPending));
        var successor = await OpenAsync(cursor: new LogPosition(1, 10));
        Assert.Equal([false, true, false], new[] { "1", "2", "3" }.Select(id => successor.Memory.Find(id)!.IsPending));
        Assert.Equal("2", successor.Memory.Find("2")!.Event!.Value.ToElement().GetProperty("subject").GetString());
    }

    [Fact]
    public async Task ACopyIsPendingUntilTheBrokerAcceptsItOrTheCursorPassesItsRecord()
    {
        var journal = await OpenAsync();
        await journal.AppendAsync(Postponed("1", attempt: 1, place: 10), Postponed("2", attempt: 1, place: 20));
        journal.Memory.Accepted("1");
        Assert.Equal([false, true], new[] { "1", "2" }.Select(id => journal.Memory.Find(id)!.IsPending));
        Assert.Equal([true, true], new[] { "1", "2" }.Select(id => OpenAsync().Result.Memory.Find(id)!.IsPending));
        Assert.Equal([false, true], new[] { "1", "2" }.Select(id => OpenAsync(cursor: new LogPosition(1, 10)).Result.Memory.Find(id)!.IsPending));
    }

    [Fact]
    public async Task PostponedRecordsKeepTheirOrderOnTheirTargetUntilTheyAreFinished()
    {
        var journal = await OpenAsync();
        await journal.AppendAsync(Postponed("later", attempt: 1, place: 20), Postponed("first", attempt: 1, place: 10), Postponed("other", attempt: 1, place: 5) with { State = PostponedState(1, 5) with { Target = 8 } });
        Assert.Equal(3, journal.Memory.Postponed);
        Assert.Equal(new LogPosition(1, 10), journal.Memory.Front(7, new LogPosition(1, 30))?.Sequence);
        Assert.Null(journal.Memory.Front(7, new LogPosition(1, 10)));
        // The record returns, is started and finished. Its line then has another position.
        await journal.AppendAsync(Line("first", PostponedState(1, 10) with { Stage = Stage.Started }, place: 100));
        Assert.NotNull(journal.Memory.Front(7, new LogPosition(1, 20)));
        journal.Add(Delivered("first", place: 100));
        Assert.Null(journal.Memory.Front(7, new LogPosition(1, 20)));
        Assert.Equal(new LogPosition(1, 20), journal.Memory.Front(7, new LogPosition(1, 30))?.Sequence);
        Assert.Equal(2, journal.Memory.Postponed);
    }

    [Fact]
    public async Task OldSegmentsAreDeletedButTheirUnfinishedRecordsAreKept()
    {
        var journal = new Journal(_account, Credential, "d", segmentBytes: 200, keepMinutes: 0);
        await journal.OpenAsync(LogPosition.Start, Cancel);
        await journal.AppendAsync(Postponed("postponed", attempt: 1, place: 1));
        for (var number = 0; number < 9; number++) await journal.AppendAsync(Delivered($"{number}", place: 10 + number));

        // For example after an outage of the broker: the records are finished, and the cursor is still at the first of them.
        await journal.OpenAsync(new LogPosition(1, 0), Cancel);
        Assert.All(["0", "8"], id => Assert.Equal(Stage.Delivered, StageOf(journal, id)));

        await journal.OpenAsync(new LogPosition(1, 18), Cancel);
        var fresh = await OpenAsync(cursor: new LogPosition(1, 18));
        Assert.All([journal, fresh], read => Assert.Null(StageOf(read, "1")));
        Assert.All([journal, fresh], read => Assert.Equal(Stage.Delivered, StageOf(read, "8")));
        Assert.All([journal, fresh], read => Assert.Equal((Stage.Postponed, false), (StageOf(read, "postponed"), read.Memory.Find("postponed")!.IsPending)));
        Assert.NotNull(fresh.Memory.Front(7, new LogPosition(1, 2)));
    }

    [Fact]
    public async Task SegmentsOfTheLastMinutesAreKept()
    {
        var journal = new Journal(_account, Credential, "d", segmentBytes: 10);
        await journal.OpenAsync(LogPosition.Start, Cancel);
        for (var number = 0; number < 5; number++) await journal.AppendAsync(Delivered($"{number}"));
        await journal.OpenAsync(new LogPosition(1, 10), Cancel);
        Assert.NotNull(StageOf(journal, "0"));
    }

    [Fact]
    public async Task TheJournalOfADestinationThatWasDeletedAndCreatedAgainIsReadFromItsBeginning()
    {
        var ours = new Journals(_account, _time);
        var first = await OpenAsync(ours);
        await first.AppendAsync(Delivered("former"));
        await OpenAsync(ours);
        await new Backlogs(_account).DeleteAsync(Credential, "d", Cancel);
        _time.Advance(TimeSpan.FromSeconds(2));
        var theirs = await OpenAsync();
        for (var number = 0; number < 20; number++) theirs.Add(Delivered($"{number}"));
        await theirs.FlushAsync();

        var again = await OpenAsync(ours);
        Assert.Null(StageOf(again, "former"));
        Assert.All(Enumerable.Range(0, 20), number => Assert.Equal(Stage.Delivered, StageOf(again, $"{number}")));
    }

    [Fact]
    public async Task AnUnusedJournalIsRemovedFromMemory()
    {
        var journals = new Journals(_account, _time);
        var (idle, busy) = (await OpenAsync(journals), await journals.OpenAsync(Credential, "busy", LogPosition.Start, Cancel));
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Same(busy, await journals.OpenAsync(Credential, "busy", LogPosition.Start, Cancel));
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Same(busy, await journals.OpenAsync(Credential, "busy", LogPosition.Start, Cancel));
        Assert.NotSame(idle, await OpenAsync(journals));
    }

    [Fact]
    public async Task AnObjectCanBeClaimedByOneRecordOnlyAndRepeatedlyByIt()
    {
        var memory = (await OpenAsync()).Memory;
        // The outcome of two equal records is uncertain: one call took effect, and verification searches for both.
        Assert.True(memory.TryClaim("e1", "1"));
        Assert.False(memory.TryClaim("e1", "2"));
        Assert.True(memory.TryClaim("e1", "1"));
        memory.Note(Delivered("1") with { EntityId = "e1" }, 1);
        Assert.True(memory.TryClaim("e1", "1"));
        Assert.False(memory.TryClaim("e1", "2"));
    }

    private long Appends => _account.TransactionsByOperation.GetValueOrDefault("append");

    private Task<Journal> OpenAsync(LogPosition? cursor = null) => new Journals(_account, _time).OpenAsync(Credential, "d", cursor ?? LogPosition.Start, Cancel);

    private static Task<Journal> OpenAsync(Journals journals) => journals.OpenAsync(Credential, "d", LogPosition.Start, Cancel);

    private static Task<Journal> OpenUntilLostAsync(Journals journals, CancellationToken lost) => journals.OpenAsync(Credential, "d", LogPosition.Start, lost);

    private static Stage? StageOf(Journal journal, string id) => journal.Memory.Find(id)?.State.Stage;

    private static JournalLine Line(string id, RecordState state, int place = 10) => new(id, new LogPosition(1, place), state);

    private static JournalLine Started(string id) => Line(id, new RecordState(Stage.Started));

    private static RecordState PostponedState(int attempt, int sequence) => new(Stage.Postponed, attempt) { Target = 7, Sequence = new LogPosition(1, sequence), Due = Written.Now };

    private static JournalLine Postponed(string id, int attempt, int place) => Line(id, PostponedState(attempt, place), place);

    private static JournalLine Delivered(string id, int place = 10, bool withEvent = false) =>
        Line(id, new RecordState(Stage.Delivered), place) with { Event = withEvent ? RawJson.Of(Some.Json($$"""{"id":"{{id}}","subject":"{{id}}"}""")) : null };
}
