using ClockifyFunctions.Configuration;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.RateLimiting;

public class PacerTests
{
    private static readonly TimeSpan Start = TimeSpan.FromHours(1);

    [Fact]
    public void TheFirstCallsAreSpacedEvenly()
    {
        var pacer = new Pacer([Some.TenPerSecond]);
        var now = Start;
        for (var call = 0; call < 9; call++)
        {
            Assert.True(pacer.NextAt(now) <= now);
            Take(pacer, now, roundTripMs: 1);
            Assert.Equal(now + Ms(100), pacer.NextAt(now));
            now += Ms(100);
        }
    }

    [Fact]
    public void AFullWindowOpensExactlyOnePeriodAfterItsFirstCall()
    {
        var pacer = new Pacer([Some.TenPerSecond]);
        var now = Start;
        for (var call = 0; call < 10; call++, now += Ms(100)) Take(pacer, now, roundTripMs: 1);
        Assert.Equal(Start + Ms(1003), pacer.NextAt(now));
    }

    [Fact]
    public void ADelayedCallDelaysTheWindowByTheSameTime()
    {
        var pacer = new Pacer([Some.TenPerSecond]);
        var (now, lingered) = (Start, Start);
        for (var call = 0; call < 60; call++)
        {
            now = Max(now, pacer.NextAt(now));
            if (call == 50) lingered = now;
            Take(pacer, now, roundTripMs: call == 50 ? 31 : 1);
        }

        Assert.Equal(lingered + Ms(1032), pacer.NextAt(now));
    }

    [Fact]
    public void WithFewKnownResponsesACallIsAssumedToArriveWithItsResponse()
    {
        var pacer = new Pacer([Some.TenPerSecond]);
        var now = Start;
        for (var call = 0; call < 10; call++, now += Ms(100)) Take(pacer, now, roundTripMs: 31);
        Assert.Equal(Start + Ms(1033), pacer.NextAt(now));
    }

    [Fact]
    public void AnUnansweredCallCountsAsDelayedUpToTheCredit()
    {
        var pacer = new Pacer([new RateWindow(2, TimeSpan.FromSeconds(1))]);
        pacer.Take(Start);
        Take(pacer, Start + Ms(500), roundTripMs: 1);
        Assert.Equal(Start + Ms(2002), pacer.NextAt(Start + Ms(1000)));
        Assert.Equal(Start + Ms(1000 + 2 + 10_000), pacer.NextAt(Start + Ms(60_000)));
    }

    [Fact]
    public void A429FillsTheCreditAndIncreasesTheAllowance()
    {
        var pacer = new Pacer([Some.TenPerSecond]);
        var now = Start;
        for (var call = 0; call < 5_000; call++)
        {
            now = Max(now, pacer.NextAt(now));
            // Response times vary so widely that the credit is used up.
            Take(pacer, now, roundTripMs: call % 2 == 0 ? 900 : 1);
        }

        var before = pacer.NextAt(now);
        pacer.Pause(now, TimeSpan.Zero);
        Assert.InRange(pacer.NextAt(now) - before, Ms(500), Ms(10_000));
    }

    [Fact]
    public void AllWindowsApplyTogether()
    {
        var pacer = new Pacer([Some.TenPerSecond, new RateWindow(3, TimeSpan.FromHours(1))]);
        var now = Start;
        for (var call = 0; call < 3; call++, now += Ms(100)) Take(pacer, now, roundTripMs: 1);
        Assert.InRange(pacer.NextAt(now), Start + TimeSpan.FromHours(1), Start + TimeSpan.FromHours(1) + Ms(10));
    }

    [Fact]
    public void OverALongWindowCallsAreNotSpacedFurtherApartThanASecond()
    {
        var pacer = new Pacer([new RateWindow(3, TimeSpan.FromHours(1))]);
        var now = Start;
        for (var call = 0; call < 3; call++)
        {
            Assert.True(pacer.NextAt(now) <= now);
            Take(pacer, now, roundTripMs: 1);
            now += TimeSpan.FromSeconds(1);
        }

        Assert.InRange(pacer.NextAt(now), Start + TimeSpan.FromHours(1), Start + TimeSpan.FromHours(1) + Ms(10));
    }

    [Fact]
    public void APenaltyPausesTheKeyWithoutALaterBurst()
    {
        var pacer = new Pacer([Some.TenPerSecond]);
        Take(pacer, Start, roundTripMs: 1);
        pacer.Pause(Start, TimeSpan.FromSeconds(3));
        Assert.Equal(Start + TimeSpan.FromSeconds(3), pacer.NextAt(Start));
        var later = Start + TimeSpan.FromSeconds(3);
        Take(pacer, later, roundTripMs: 1);
        Assert.Equal(later + Ms(100), pacer.NextAt(later));
    }

    [Fact]
    public void AHandoverPassesTheLatestCallsAndThePause()
    {
        var before = new Pacer([Some.TenPerSecond]);
        var now = Start;
        for (var call = 0; call < 10; call++, now += Ms(100)) Take(before, now, roundTripMs: 1);
        before.Pause(now, TimeSpan.FromSeconds(2));
        var state = PacerState.TryParse(before.Save(now).Format())!;

        // The clock of the next holder has another origin.
        var elsewhere = TimeSpan.FromDays(3);
        var after = new Pacer([Some.TenPerSecond]);
        after.Restore(state, elsewhere, elapsed: TimeSpan.Zero);
        Assert.Equal(elsewhere + TimeSpan.FromSeconds(2), after.NextAt(elsewhere));
        var rested = new Pacer([Some.TenPerSecond]);
        rested.Restore(state, elsewhere, elapsed: TimeSpan.FromSeconds(5));
        Assert.True(rested.NextAt(elsewhere) <= elsewhere);
    }

    [Fact]
    public void AfterACrashTheNextHolderWaitsForAFullWindow()
    {
        var pacer = new Pacer([Some.TenPerSecond]);
        pacer.AssumeUsed(int.MaxValue, Start);
        Assert.InRange(pacer.NextAt(Start), Start + TimeSpan.FromSeconds(1), Start + Ms(1010));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void NoWindowHasTooManyCallsDespiteNetworkDelays(int seed)
    {
        var random = new Random(seed);
        var pacer = new Pacer([Some.TenPerSecond]);
        var arrivals = new List<TimeSpan>();
        var answers = new PriorityQueue<Permit, TimeSpan>();
        var now = Start;
        for (var call = 0; call < 2_000; call++)
        {
            now = pacer.NextAt(now) is var next && next > now ? next + Ms(random.NextDouble() * 3) : now;
            while (answers.TryPeek(out var answered, out var at) && at <= now) pacer.Completed(answers.Dequeue(), at);
            if (pacer.NextAt(now) > now)
            {
                call--;
                continue;
            }

            var permit = pacer.Take(now);
            // The round-trip time does not show the duration of the way to the server.
            var there = Ms(1 + (random.NextDouble() * 1.9));
            var late = Ms(random.Next(5) == 0 ? random.NextDouble() * 25 : 0);
            arrivals.Add(now + there + late);
            answers.Enqueue(permit, now + late + Ms(4));
        }

        for (var index = 10; index < arrivals.Count; index++) Assert.True(arrivals[index] - arrivals[index - 10] >= TimeSpan.FromSeconds(1), $"call {index}");
        Assert.True(2_000 / (arrivals[^1] - arrivals[0]).TotalSeconds > 9.5);
    }

    /// <summary>A stall, for example because of swapping, garbage collection or a restart of storage: no call proceeds for some time, then all proceed together.</summary>
    [Theory]
    [InlineData(1, 0.6)]
    [InlineData(2, 0.6)]
    [InlineData(3, 1.5)]
    [InlineData(4, 1.5)]
    public void NoWindowHasTooManyCallsAfterAStall(int seed, double longest)
    {
        var random = new Random(seed);
        var pacer = new Pacer([Some.TenPerSecond]);
        var arrivals = new List<TimeSpan>();
        var answers = new PriorityQueue<Permit, TimeSpan>();
        var (now, stallFrom, stallTo) = (Start, Start + Ms(500), Start + Ms(500));
        while (arrivals.Count < 2_000)
        {
            while (answers.TryPeek(out _, out var at) && at <= now) pacer.Completed(answers.Dequeue(), at);
            if (pacer.NextAt(now) > now)
            {
                now = answers.TryPeek(out _, out var answered) && answered < pacer.NextAt(now) ? answered : pacer.NextAt(now);
                continue;
            }

            if (now > stallTo + TimeSpan.FromSeconds(10))
            {
                stallFrom = now + Ms(random.NextDouble() * 300);
                stallTo = stallFrom + TimeSpan.FromSeconds(random.NextDouble() * longest);
            }

            var permit = pacer.Take(now);
            var arrival = now + Ms(2);
            if (arrival >= stallFrom && arrival < stallTo) arrival = stallTo;
            arrivals.Add(arrival);
            answers.Enqueue(permit, arrival + Ms(2));
        }

        for (var index = 10; index < arrivals.Count; index++) Assert.True(arrivals[index] - arrivals[index - 10] >= TimeSpan.FromSeconds(1), $"call {index}");
        Assert.True(2_000 / (arrivals[^1] - arrivals[0]).TotalSeconds > 9);
    }

    [Fact]
    public void AServerWithVaryingLatencyGetsNinetyFivePercentOfTheRate()
    {
        var random = new Random(7);
        var pacer = new Pacer([Some.TenPerSecond]);
        var now = Start;
        var halfTime = Start;
        for (var call = 0; call < 8_000; call++)
        {
            now = pacer.NextAt(now) is var next && next > now ? next : now;
            pacer.Completed(pacer.Take(now), now + Ms(80 + (random.NextDouble() * 200)));
            if (call == 4_000) halfTime = now;
        }

        Assert.InRange(4_000 / (now - halfTime).TotalSeconds, 9.5, 10);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x;1x1")]
    [InlineData("0;12")]
    [InlineData("0;-5x1")]
    public void AnUnknownStateFormatIsNotInterpreted(string text) => Assert.Null(PacerState.TryParse(text));

    private static void Take(Pacer pacer, TimeSpan now, double roundTripMs) => pacer.Completed(pacer.Take(now), now + Ms(roundTripMs));

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
