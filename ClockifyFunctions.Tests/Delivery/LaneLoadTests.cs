using ClockifyFunctions.Backlog;
using ClockifyFunctions.Delivery;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.Delivery;

public class LaneLoadTests
{
    private readonly LaneLoad _load = new(new CallsInFlight().ForDrain().ForLane());

    [Fact]
    public async Task AloneItMayTakeAllAndBesideOthersHalfOfTheSlots()
    {
        for (var call = 0; call < 15; call++) await BeginAsync();
        Assert.Equal((40, 10), (_load.MayTake(40, isAlone: true), _load.MayTake(10, isAlone: false)));
        for (var call = 0; call < 5; call++) await BeginAsync();
        Assert.Equal((40, 5), (_load.MayTake(40, isAlone: true), _load.MayTake(10, isAlone: false)));
    }

    [Fact]
    public async Task ATurnOfACallOrTwoIsNotWorthWhatItCosts()
    {
        for (var call = 0; call < 21; call++) await BeginAsync();
        Assert.Equal(0, _load.MayTake(10, isAlone: false));
        Assert.Equal(1, _load.MayTake(1, isAlone: false));
        _load.InFlight.Leave();
        Assert.Equal(5, _load.MayTake(10, isAlone: false));
    }

    [Fact]
    public void NoMoreIsReadWhileMuchWaitsForCallsInFlight()
    {
        LaneLoad.WaitingCall[] calls = [.. Enumerable.Range(0, 10).Select(_ => new LaneLoad.WaitingCall(1))];
        Assert.Equal([true, .. Enumerable.Repeat(false, 8)], calls[..9].Select(_load.Enqueue));
        Assert.Equal(40, _load.MayTake(40, isAlone: true));
        Assert.False(_load.Enqueue(calls[9]));
        Assert.Equal(0, _load.MayTake(40, isAlone: true));
        Assert.Same(calls[1], _load.Advance(out var isShort));
        Assert.True(isShort);
        Assert.Equal(40, _load.MayTake(40, isAlone: true));
        foreach (var next in calls[2..]) Assert.Same(next, _load.Advance(out _));
        Assert.Null(_load.Advance(out isShort));
        Assert.False(isShort);
        Assert.True(_load.Enqueue(calls[0]));
    }

    [Fact]
    public void WhatIsUnfinishedIsBounded()
    {
        var bytes = Enumerable.Range(0, 500).Select(_ => _load.Take([])).ToArray();
        Assert.Equal(0, _load.MayTake(10, isAlone: true));
        _load.Finish(bytes[0]);
        Assert.Equal(10, _load.MayTake(10, isAlone: true));
    }

    [Fact]
    public void NoMoreIsReadWhileTheBrokerIsManyEventsBehind()
    {
        for (var one = 0; one < 200; one++) _load.EventWaits();
        Assert.Equal(0, _load.MayTake(10, isAlone: true));
        _load.EventWaitsNoMore();
        Assert.Equal(10, _load.MayTake(10, isAlone: true));
    }

    [Fact]
    public void WhereBatchesAreLargeFewAreUnderWay()
    {
        var record = new PendingRecord(null!, new BacklogRecord("1", null, default, RawJson.Of(Some.Json($"\"{new string('x', 3 << 20)}\""))), null!, null!, false, default);
        for (var call = 0; call < 2; call++) _load.Take([record]);
        Assert.Equal(40, _load.MayTake(40, isAlone: true));
        _load.Take([record]);
        Assert.Equal(7, _load.MayTake(40, isAlone: true));
        for (var call = 0; call < 7; call++) _load.Take([]);
        Assert.Equal(0, _load.MayTake(40, isAlone: true));
    }

    private ValueTask BeginAsync() => _load.InFlight.EnterAsync(CancellationToken.None);
}
