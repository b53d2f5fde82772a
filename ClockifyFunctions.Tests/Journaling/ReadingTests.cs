using ClockifyFunctions.Journaling;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Journaling;

public class ReadingTests
{
    private const string Digest = "d";
    private static readonly DateTimeOffset Entered = Written.Now;

    [Fact]
    public void ARecordWithoutAJournalLineIsDelivered() => Assert.Equal(new Reading.Begin(RecordState.New), Read(0, null));

    [Theory]
    [InlineData(nameof(Stage.Delivered))]
    [InlineData(nameof(Stage.Quarantined))]
    public void AFinishedRecordIsPassedAndItsPendingEventIsSentAgain(string stage)
    {
        var known = new RecordState(Enum.Parse<Stage>(stage));
        Assert.IsType<Reading.Pass>(Read(0, known));
        Assert.IsType<Reading.Pass>(Read(3, known));
        Assert.IsType<Reading.SendAgain>(Read(0, known, isPending: true));
    }

    [Fact]
    public void TheLineOfAPostponedRecordIsPassedAndItsPendingCopyIsSentAgain()
    {
        var known = new RecordState(Stage.Postponed, 1);
        Assert.IsType<Reading.SendAgain>(Read(0, known, isPending: true));
        Assert.IsType<Reading.Pass>(Read(0, known));
        // A line that is older than the line of the postponement.
        Assert.IsType<Reading.Pass>(Read(0, known with { Attempt = 2 }, isPending: true));
    }

    [Fact]
    public void ALineWithAnUnannouncedAttemptOrAnotherBodyIsNotTrusted()
    {
        Assert.IsType<Reading.Unannounced>(Read(1, null));
        Assert.IsType<Reading.Unannounced>(Read(2, new RecordState(Stage.Postponed, 1)));
        Assert.IsType<Reading.Unannounced>(Read(1, new RecordState(Stage.Postponed, 1) { Digest = "another" }));
        Assert.IsType<Reading.Begin>(Read(1, new RecordState(Stage.Postponed, 1) { Digest = Digest }));
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public void ACopyMayHaveArrivedAccordingToTheJournalOrTheLine(bool journal, bool line, bool expected)
    {
        var known = new RecordState(Stage.Postponed, 1, journal) { Digest = Digest, Failures = 1 };
        var begun = Assert.IsType<Reading.Begin>(Read(1, known, mayHaveArrived: line)).State;
        Assert.Equal((Stage.Waiting, 1, expected, 1), (begun.Stage, begun.Attempt, begun.MayHaveArrived, begun.Failures));
    }

    [Fact]
    public void ARecordThatWasStartedMayHaveArrivedUntilTheGateWasAcquired()
    {
        var begun = Assert.IsType<Reading.Begin>(Read(0, new RecordState(Stage.Started) { LastSentAt = Entered.AddMinutes(-3) })).State;
        Assert.Equal((true, Entered), (begun.MayHaveArrived, begun.LastSentAt));
        // Longer ago than the duration of any call.
        Assert.True(Assert.IsType<Reading.Begin>(Read(0, new RecordState(Stage.Started) { LastSentAt = Entered.AddDays(-1) })).State.LastSentAt < Entered.AddHours(-12));
    }

    [Fact]
    public void AStartedRecordThatWasNotSentKeepsItsState() =>
        Assert.Equal(new Reading.Begin(RecordState.New), Read(0, new RecordState(Stage.Waiting)));

    private static Reading Read(int attempt, RecordState? known, bool isPending = false, bool mayHaveArrived = false) =>
        Reading.Of(attempt, mayHaveArrived, () => Digest, known, isPending, Entered);
}
