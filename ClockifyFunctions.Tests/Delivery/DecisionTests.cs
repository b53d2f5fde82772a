using ClockifyFunctions.Delivery;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Delivery;

/// <summary>The table of decisions, one case per row.</summary>
public class DecisionTests
{
    private static readonly DateTimeOffset Now = Written.Now;

    [Theory]
    [InlineData(nameof(AnswerKind.Delivered), nameof(Repeat.Verifiable), "deliver")]
    [InlineData(nameof(AnswerKind.KeyRefused), nameof(Repeat.Verifiable), "suspend")]
    [InlineData(nameof(AnswerKind.Rejected), nameof(Repeat.Repeatable), "quarantine rejected")]
    [InlineData(nameof(AnswerKind.Rejected), nameof(Repeat.Verifiable), "quarantine rejected")]
    [InlineData(nameof(AnswerKind.NoRight), nameof(Repeat.Verifiable), "quarantine failed")]
    [InlineData(nameof(AnswerKind.NotApplied), nameof(Repeat.Repeatable), "postpone")]
    [InlineData(nameof(AnswerKind.NotApplied), nameof(Repeat.Verifiable), "postpone")]
    [InlineData(nameof(AnswerKind.NotApplied), nameof(Repeat.Neither), "postpone")]
    [InlineData(nameof(AnswerKind.Unanswered), nameof(Repeat.Repeatable), "postpone, may have arrived")]
    [InlineData(nameof(AnswerKind.Unanswered), nameof(Repeat.Verifiable), "postpone, may have arrived")]
    [InlineData(nameof(AnswerKind.Unanswered), nameof(Repeat.Neither), "quarantine unknown")]
    public void EachAnswerLeadsToItsDecision(string answer, string repeat, string expected) =>
        Assert.Equal(expected, Describe(Decide(RecordState.New, Enum.Parse<AnswerKind>(answer), When(Enum.Parse<Repeat>(repeat)))));

    [Theory]
    [InlineData(nameof(AnswerKind.Rejected), "halve")]
    [InlineData(nameof(AnswerKind.NoRight), "halve")]
    [InlineData(nameof(AnswerKind.Unanswered), "postpone, may have arrived")]
    [InlineData(nameof(AnswerKind.Delivered), "deliver")]
    public void ARefusedBatchIsSplitIntoHalves(string answer, string expected) =>
        Assert.Equal(expected, Describe(Decide(RecordState.New, Enum.Parse<AnswerKind>(answer), When(Repeat.Repeatable) with { IsBatch = true })));

    [Theory]
    [InlineData(true, true, "quarantine unknown")]
    [InlineData(true, false, "quarantine rejected")]
    [InlineData(false, true, "quarantine rejected")]
    public void ARecordThatMayHaveArrivedIsUnknownAfterARefusalThatProvesNothing(bool tellsNothing, bool mayHaveArrived, string expected) =>
        Assert.Equal(expected, Describe(Decide(RecordState.New with { MayHaveArrived = mayHaveArrived }, AnswerKind.Rejected, When(Repeat.Repeatable) with { RefusalTellsNothing = tellsNothing })));

    [Fact]
    public void ARecordThatMayHaveArrivedStaysUncertainAfterALaterCallWithoutEffect() =>
        Assert.Equal("postpone, may have arrived", Describe(Decide(RecordState.New with { MayHaveArrived = true }, AnswerKind.NotApplied, When(Repeat.Repeatable))));

    [Fact]
    public void ThePausesGrowAndAreNeverShorterThanTheLongestDelayOfACall()
    {
        var (state, delays) = (RecordState.New, new List<double>());
        for (var failure = 0; failure < 8; failure++)
        {
            state = Assert.IsType<Decision.Postpone>(Decide(state, AnswerKind.Unanswered, When(Repeat.Repeatable))).State;
            delays.Add((state.Due!.Value - Now).TotalSeconds);
        }

        Assert.Equal([15, 30, 60, 120, 300, 600, 600, 600], delays);
        Assert.Equal((8, 8, Now, Now), (state.Attempt, state.Failures, state.FirstFailedAt, state.LastSentAt));
        Assert.Equal(18, (Assert.IsType<Decision.Postpone>(Decision.Of(RecordState.New, AnswerKind.NotApplied, When(Repeat.Repeatable), Now, jitter: 1)).State.Due!.Value - Now).TotalSeconds);
        Assert.True(delays[0] >= Decision.TakesEffectWithin.TotalSeconds);
    }

    [Theory]
    [InlineData(61, 30, false, "quarantine failed")]
    [InlineData(61, 30, true, "quarantine unknown")]
    [InlineData(59, 30, false, "postpone")] // Attempts are left.
    [InlineData(61, 70, false, "postpone")] // No record was delivered since the first failure, so the API is considered down.
    [InlineData(61, null, false, "postpone")]
    public void ARecordIsQuarantinedAfterRepeatedFailuresIfOthersAreDelivered(int failedMinutesAgo, int? deliveredMinutesAgo, bool mayHaveArrived, string expected)
    {
        var state = RecordState.New with { FirstFailedAt = Now.AddMinutes(-failedMinutesAgo), Failures = 9, MayHaveArrived = mayHaveArrived };
        var when = When(Repeat.Repeatable) with { LastDeliveredAt = deliveredMinutesAgo is { } minutes ? Now.AddMinutes(-minutes) : null };
        Assert.Equal(expected, Describe(Decide(state, AnswerKind.NotApplied, when)));
    }

    [Fact]
    public void ARecordBehindAPostponedRecordReturnsAfterItWithoutAFailure()
    {
        var front = RecordState.New with { Due = Now.AddMinutes(5) };
        var behind = Decision.Behind(RecordState.New, front, Now);
        Assert.Equal((Stage.Postponed, 1, 0, null), (behind.Stage, behind.Attempt, behind.Failures, behind.FirstFailedAt));
        Assert.Equal(Now.AddMinutes(5).AddSeconds(1), behind.Due);
        // The copy of the first record has already returned and is read after this one.
        Assert.Equal(Now.AddSeconds(5), Decision.Behind(RecordState.New, front with { Due = Now.AddMinutes(-5) }, Now).Due);
    }

    [Theory]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}}""", nameof(Repeat.Verifiable))]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"onUnknown":"resend"}""", nameof(Repeat.Repeatable))]
    [InlineData("""{"credential":"default","endpoint":"createTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"},"onUnknown":"quarantine"}""", nameof(Repeat.Neither))]
    [InlineData("""{"credential":"default","endpoint":"updateTag","inputs":{"workspaceId":"64a687e29ae1f428e7ebe303"}}""", nameof(Repeat.Repeatable))]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/things"}""", nameof(Repeat.Neither))]
    [InlineData("""{"credential":"default","method":"POST","url":"https://api.clockify.me/api/v1/things","onUnknown":"resend"}""", nameof(Repeat.Repeatable))]
    [InlineData("""{"credential":"default","method":"PUT","url":"https://api.clockify.me/api/v1/things"}""", nameof(Repeat.Repeatable))]
    public void TheRulesForCallsComeFromTheConfigOfTheDestination(string config, string repeat) =>
        Assert.Equal(repeat, Written.Destination(config).Repeat.ToString());

    private static Decision Decide(RecordState state, AnswerKind answer, Circumstances when) => Decision.Of(state, answer, when, Now, jitter: 0);

    private static Circumstances When(Repeat repeat) => new(repeat, RefusalTellsNothing: false, IsBatch: false, TimeSpan.FromHours(1), LastDeliveredAt: null);

    private static string Describe(Decision decision) => decision switch
    {
        Decision.Deliver => "deliver",
        Decision.Suspend => "suspend",
        Decision.Halve => "halve",
        Decision.Quarantine { Outcome: var outcome } => $"quarantine {ResponseMessages.NameOf(outcome)}",
        Decision.Postpone { State.MayHaveArrived: var mayHaveArrived } => mayHaveArrived ? "postpone, may have arrived" : "postpone",
        _ => throw new InvalidOperationException($"{decision}"),
    };
}
