using ClockifyFunctions.Delivery;

namespace ClockifyFunctions.Tests.Delivery;

public class LaneLoadTests
{
    private readonly LaneLoad _load = new();

    [Fact]
    public void AloneItMayTakeAllAndBesideOthersHalfOfTheSlots()
    {
        for (var call = 0; call < 15; call++) _load.CallBegins();
        Assert.Equal((40, 10), (_load.MayTake(40, isAlone: true), _load.MayTake(10, isAlone: false)));
        for (var call = 0; call < 5; call++) _load.CallBegins();
        Assert.Equal((40, 5), (_load.MayTake(40, isAlone: true), _load.MayTake(10, isAlone: false)));
    }

    [Fact]
    public void ATurnOfACallOrTwoIsNotWorthWhatItCosts()
    {
        for (var call = 0; call < 21; call++) _load.CallBegins();
        Assert.Equal(0, _load.MayTake(10, isAlone: false));
        Assert.Equal(1, _load.MayTake(1, isAlone: false));
        _load.CallEnds();
        Assert.Equal(5, _load.MayTake(10, isAlone: false));
    }

    [Fact]
    public void NoMoreIsReadWhileMuchWaitsForCallsInFlight()
    {
        for (var call = 0; call < 9; call++) _load.CallWaits();
        Assert.Equal(40, _load.MayTake(40, isAlone: true));
        _load.CallWaits();
        Assert.Equal(0, _load.MayTake(40, isAlone: true));
        _load.CallWaitsNoMore();
        Assert.Equal(40, _load.MayTake(40, isAlone: true));
    }

    [Fact]
    public void WhatIsUnfinishedIsBounded()
    {
        var bytes = Enumerable.Range(0, 500).Select(_ => _load.Take([])).ToArray();
        Assert.Equal(0, _load.MayTake(10, isAlone: true));
        _load.Finish(bytes[0]);
        Assert.Equal(10, _load.MayTake(10, isAlone: true));
    }
}
