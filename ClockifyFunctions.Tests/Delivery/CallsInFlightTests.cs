using ClockifyFunctions.Delivery;

namespace ClockifyFunctions.Tests.Delivery;

public class CallsInFlightTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public void ADrainHasAFewForItselfAndTheRestIsShared()
    {
        var calls = new CallsInFlight(always: 2, shared: 3, most: 4);
        var (one, two, three) = (calls.ForDrain().ForLane(), calls.ForDrain().ForLane(), calls.ForDrain().ForLane());
        var first = Enumerable.Range(0, 5).Select(_ => one.EnterAsync(None).AsTask()).ToArray();
        var second = Enumerable.Range(0, 4).Select(_ => two.EnterAsync(None).AsTask()).ToArray();
        var third = Enumerable.Range(0, 2).Select(_ => three.EnterAsync(None).AsTask()).ToArray();
        Assert.Equal([4, 3, 2], new[] { first, second, third }.Select(tasks => tasks.Count(task => task.IsCompletedSuccessfully)));
    }

    [Fact]
    public async Task WhoeverIsAtALimitOfItsOwnIsPassedOver()
    {
        var (one, two) = await FullAsync();
        var (ofOne, ofTwo) = (one.EnterAsync(None).AsTask(), two.EnterAsync(None).AsTask());

        two.Leave(); // Its own: not for the first one, although that has waited longer.
        await ofTwo;
        Assert.False(ofOne.IsCompleted);
        one.Leave();
        await ofOne;
    }

    [Fact]
    public async Task WhatOneLeavesOfTheStockAnotherTakes()
    {
        var (one, two) = await FullAsync();
        var waiting = two.EnterAsync(None).AsTask();
        Assert.False(waiting.IsCompleted);
        one.Leave();
        await waiting;
    }

    [Fact]
    public async Task WhoeverGivesUpTakesNoRoom()
    {
        var calls = new CallsInFlight(always: 1, shared: 0, most: 1);
        var drain = calls.ForDrain().ForLane();
        await drain.EnterAsync(None);
        using var giveUp = new CancellationTokenSource();
        var waiting = drain.EnterAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        drain.Leave();
        await drain.EnterAsync(None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drain.EnterAsync(giveUp.Token).AsTask());
    }

    [Fact]
    public async Task ALaneLeavesRoomForTheOthersOfItsDrain()
    {
        var drain = new CallsInFlight(always: 1, shared: 10, most: 4, mostOfLane: 3).ForDrain();
        var (one, two) = (drain.ForLane(), drain.ForLane());
        for (var call = 0; call < 3; call++)
        {
            Assert.False(one.IsFull);
            await one.EnterAsync(None);
        }

        Assert.True(one.IsFull);
        var waiting = one.EnterAsync(None).AsTask();
        Assert.False(two.IsFull);
        await two.EnterAsync(None);
        two.Leave(); // Not for the first one, although that waits.
        Assert.False(waiting.IsCompleted);
        one.Leave();
        await waiting;
        Assert.True(one.IsFull);
    }

    /// <summary>The first has its own and the only one of the stock, the second its own.</summary>
    private static async Task<(CallsInFlight.Share One, CallsInFlight.Share Two)> FullAsync()
    {
        var calls = new CallsInFlight(always: 1, shared: 1, most: 2);
        var (one, two) = (calls.ForDrain().ForLane(), calls.ForDrain().ForLane());
        await one.EnterAsync(None);
        await one.EnterAsync(None);
        await two.EnterAsync(None);
        return (one, two);
    }
}
