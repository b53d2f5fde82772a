using ClockifyFunctions.Sending;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Sending;

public class DestinationHealthTests
{
    private readonly DestinationHealth _health = new();
    private DateTimeOffset _now = Written.Now;
    private int _record;

    [Fact]
    public void TenFailuresOfDifferentRecordsInARowPauseADestination()
    {
        Fail(9);
        _health.Failed("1", _now);
        Assert.False(_health.IsPaused(_now));
        Assert.Equal(int.MaxValue, _health.MostOpen(_now));
        Fail(1);
        Assert.True(_health.IsPaused(_now));
        Assert.Equal(0, _health.MostOpen(_now));
        Assert.Equal((1, _now.AddSeconds(5)), (_health.Round, _health.PausedUntil));
    }

    [Fact]
    public void AnAnsweredCallResetsTheCount()
    {
        Fail(9);
        _health.Answered();
        Fail(9);
        Assert.False(_health.IsPaused(_now));
    }

    [Fact]
    public void PausesAndProbesDoubleUpToTheirLimits()
    {
        Fail(10);
        var rounds = new List<(double Pause, int Probes)>();
        for (var round = 0; round < 9; round++)
        {
            var pause = (_health.PausedUntil!.Value - _now).TotalSeconds;
            _now = _health.PausedUntil.Value;
            Assert.True(_health.IsProbing);
            rounds.Add((pause, _health.MostOpen(_now)));
            Fail(_health.MostOpen(_now));
        }

        Assert.Equal([(5, 10), (10, 20), (20, 40), (40, 80), (80, 100), (160, 100), (300, 100), (300, 100), (300, 100)], rounds);
    }

    [Theory]
    [InlineData(50, 35)]
    [InlineData(200, 155)]
    public void ManyBadRecordsInARowTakeOnlyAFewPauses(int bad, double seconds)
    {
        var begun = _now;
        for (var left = bad; left > 0;)
        {
            if (_health.PausedUntil > _now) _now = _health.PausedUntil.Value;
            var tried = Math.Min(left, Math.Min(_health.MostOpen(_now), 10));
            Fail(tried);
            left -= tried;
        }

        Assert.True((_now - begun).TotalSeconds <= seconds, $"{(_now - begun).TotalSeconds} s");
        _now = _health.PausedUntil > _now ? _health.PausedUntil.Value : _now;
        _health.Answered();
        Assert.Equal((0, null, int.MaxValue), (_health.Round, _health.PausedUntil, _health.MostOpen(_now)));
    }

    [Fact]
    public void CallsInFlightAtTheStartOfAPauseDoNotCount()
    {
        Fail(40);
        Assert.Equal((1, 10), (_health.Round, _health.MostOpen(_now.AddSeconds(5))));
    }

    [Fact]
    public void AFailedProbeAllowsOtherProbes()
    {
        Fail(10);
        _now = _now.AddSeconds(5);
        Fail(4);
        Assert.Equal(6, _health.MostOpen(_now));
    }

    [Fact]
    public void AnotherInstanceContinuesThePause()
    {
        Fail(10);
        var next = new DestinationHealth(_health.Round, _health.PausedUntil);
        Assert.Equal((0, 10), (next.MostOpen(_now), next.MostOpen(_now.AddSeconds(5))));
    }

    private void Fail(int records)
    {
        for (var failed = 0; failed < records; failed++) _health.Failed($"{++_record}", _now);
    }
}
