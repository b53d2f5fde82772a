using Azure;
using Azure.Identity;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.RateLimiting;

/// <summary>The rules of the gate. The store has one clock and each process has another: a process whose clock does not advance is frozen or has crashed.</summary>
public class GateTests
{
    private static readonly RateWindow Hourly = new(30, TimeSpan.FromHours(1));

    private readonly FakeTimeProvider _storeClock = new();
    private readonly FaultyGateStore _store;

    public GateTests() => _store = new FaultyGateStore(new InMemoryGateStore(_storeClock));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnUnusableKeyNeverAcquiresItsGateAndItsReasonIsShown()
    {
        var keeper = Keeper(new FakeTimeProvider());
        var credential = new Credential(Some.Name(), "@Microsoft.KeyVault(…)", "X-Api-Key", Credential.GlobalApi, [Some.TenPerSecond]) { Unusable = "was not resolved" };
        Assert.Equal("was not resolved", Assert.IsType<GateEntry.Suspended>(await keeper.EnterAsync(credential, Cancel)).Reason);
        Assert.Equal("was not resolved", (await keeper.StatusAsync(credential, Cancel)).Suspended);
    }

    [Fact]
    public async Task OneProcessHoldsTheGateAndOthersFindItHeldUntilItsRelease()
    {
        var credential = Some.Credential();
        var (first, second) = (new FakeTimeProvider(), new FakeTimeProvider());
        var gate = Entered(await Keeper(first).EnterAsync(credential, Cancel));
        Assert.IsType<GateEntry.Held>(await Keeper(second).EnterAsync(credential, Cancel));
        await gate.DisposeAsync();
        await using var next = Entered(await Keeper(second).EnterAsync(credential, Cancel));
    }

    [Fact]
    public async Task AHandoverPassesTheHistoryToAProcessWithAnotherClock()
    {
        var credential = Some.Credential(limits: new RateWindow(1, TimeSpan.FromMinutes(1)));
        await using (var gate = Entered(await Keeper(new FakeTimeProvider()).EnterAsync(credential, Cancel)))
            gate.Completed(await gate.PermitAsync(Cancel));

        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var next = Entered(await Keeper(clock).EnterAsync(credential, Cancel));
        await AssertPermitAfterAsync(next, clock, TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task AfterACrashTheNextHolderWaitsForTheEndOfAShortWindow()
    {
        var credential = Some.Credential(limits: new RateWindow(1, TimeSpan.FromSeconds(5)));
        _ = Entered(await Keeper(new FakeTimeProvider()).EnterAsync(credential, Cancel));
        _storeClock.Advance(TimeSpan.FromSeconds(16));
        var clock = new FakeTimeProvider();
        await using var next = Entered(await Keeper(clock).EnterAsync(credential, Cancel));
        await AssertPermitAfterAsync(next, clock, TimeSpan.FromSeconds(3.4), TimeSpan.FromSeconds(0.2));
    }

    [Fact]
    public async Task AfterACrashOnlyTheReservedPermitsOfALongWindowAreLost()
    {
        // One call per second: a reservation has four permits, of which the crashed process used one.
        var credential = Some.Credential(limits: [new RateWindow(1, TimeSpan.FromSeconds(1)), Hourly]);
        var crashed = Entered(await Keeper(new FakeTimeProvider()).EnterAsync(credential, Cancel));
        crashed.Completed(await crashed.PermitAsync(Cancel));
        _storeClock.Advance(TimeSpan.FromSeconds(16));

        var clock = new FakeTimeProvider();
        await using var next = Entered(await Keeper(clock).EnterAsync(credential, Cancel));
        Assert.Equal(26, await CountPermitsAsync(next, clock, TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task APermitThatIsDueAfterTheLongestWaitExhaustsTheGateAndLaterAttemptsDoNotDelayIt()
    {
        var credential = Some.Credential(limits: [new RateWindow(10, TimeSpan.FromSeconds(1)), new RateWindow(1, TimeSpan.FromHours(1))]);
        var gate = Entered(await Keeper(_storeClock).EnterAsync(credential, Cancel));
        gate.Completed(await gate.PermitAsync(Cancel));
        Assert.False(gate.Exhausted.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.PermitAsync(Cancel).AsTask());
        Assert.True(gate.Exhausted.IsCancellationRequested);
        Assert.InRange(gate.ExhaustedFor, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        await gate.DisposeAsync();

        for (var look = 0; look < 100; look++)
        {
            _storeClock.Advance(TimeSpan.FromSeconds(30));
            Assert.IsType<GateEntry.Exhausted>(await Keeper(_storeClock).EnterAsync(credential, Cancel));
        }

        Assert.InRange(Assert.IsType<GateEntry.Exhausted>(await Keeper(_storeClock).EnterAsync(credential, Cancel)).For, TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(10.1));
        _storeClock.Advance(TimeSpan.FromMinutes(9));
        await using var next = Entered(await Keeper(_storeClock).EnterAsync(credential, Cancel));
    }

    [Fact]
    public async Task AProcessFrozenBeyondItsLeaseSendsAndChangesNothing()
    {
        var credential = Some.Credential();
        var frozen = new FakeTimeProvider();
        var gate = Entered(await Keeper(frozen).EnterAsync(credential, Cancel));
        _storeClock.Advance(TimeSpan.FromSeconds(16));
        await using var next = Entered(await Keeper(new FakeTimeProvider()).EnterAsync(credential, Cancel));

        frozen.Advance(TimeSpan.FromSeconds(16));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.PermitAsync(Cancel).AsTask());
        Assert.True(gate.Lost.IsCancellationRequested);
        await gate.DisposeAsync();
        Assert.False((await _store.ReadAsync(credential.Name, Cancel))!.Entries.ContainsKey(GateKeeper.StateEntry));
    }

    public static TheoryData<Exception> StorageErrors => [new RequestFailedException(503, "storage is unavailable"), new AuthenticationFailedException("no token"), new InvalidOperationException("whatever")];

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(StorageErrors))]
    public async Task AShortOutageOfStorageDoesNotLoseTheGate(Exception error)
    {
        var credential = Some.Credential();
        _store.Error = error;
        var clock = _storeClock;
        await using var gate = Entered(await Keeper(clock).EnterAsync(credential, Cancel));
        _store.IsDown = true;
        clock.Advance(TimeSpan.FromSeconds(4));
        clock.Advance(TimeSpan.FromSeconds(2));
        _store.IsDown = false;
        clock.Advance(TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(11));
        Assert.False(gate.Lost.IsCancellationRequested);
        gate.Completed(await gate.PermitAsync(Cancel));
    }

    [Fact]
    public async Task ALongOutageOfStorageStopsCallsBeforeTheLeaseExpires()
    {
        var credential = Some.Credential();
        var gate = Entered(await Keeper(_storeClock).EnterAsync(credential, Cancel));
        _store.IsDown = true;
        for (var second = 0; second < 12; second++) _storeClock.Advance(TimeSpan.FromSeconds(1));
        var permit = gate.PermitAsync(Cancel).AsTask();
        Assert.False(permit.IsCompleted);
        // Calls in flight may still be answered. Then they are canceled, before the lease expires.
        Assert.False(gate.Lost.IsCancellationRequested);
        _storeClock.Advance(TimeSpan.FromSeconds(1.6));
        Assert.True(gate.Lost.IsCancellationRequested);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => permit);
        await gate.DisposeAsync();
    }

    [Fact]
    public async Task AHangingRenewalDoesNotExtendTheGate()
    {
        var gate = Entered(await Keeper(_storeClock).EnterAsync(Some.Credential(), Cancel));
        _store.Hangs = true;
        // The renewal that starts just before the last permit does not complete before the lease expires.
        for (var second = 0; second < 14; second++) _storeClock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(gate.Lost.IsCancellationRequested);
        _store.Hangs = false;
        await gate.DisposeAsync();
    }

    [Fact]
    public async Task AnOutageOfStorageThatEndsInTimeKeepsTheGate()
    {
        await using var gate = Entered(await Keeper(_storeClock).EnterAsync(Some.Credential(), Cancel));
        _store.IsDown = true;
        for (var second = 0; second < 12; second++) _storeClock.Advance(TimeSpan.FromSeconds(1));
        var permit = gate.PermitAsync(Cancel).AsTask();
        _store.IsDown = false;
        for (var second = 0; second < 3; second++) _storeClock.Advance(TimeSpan.FromSeconds(1));
        gate.Completed(await permit);
    }

    [Fact]
    public async Task AHolderReleasesTheGateAtItsNextRenewalWhenAnotherProcessAsksForIt()
    {
        var credential = Some.Credential();
        var gate = Entered(await Keeper(_storeClock).EnterAsync(credential, Cancel));
        var entering = Keeper(_storeClock).EnterAheadAsync(credential, Cancel);
        Assert.False(gate.YieldRequested.IsCancellationRequested);
        _storeClock.Advance(TimeSpan.FromSeconds(4));
        Assert.True(gate.YieldRequested.IsCancellationRequested);
        await gate.DisposeAsync();
        _storeClock.Advance(TimeSpan.FromSeconds(1));
        await using var inside = Entered(await entering);
    }

    [Fact]
    public async Task TheGateOfASuspendedCredentialIsClosedUntilTheKeyChangesOrAPersonResumesIt()
    {
        var credential = Some.Credential();
        var keeper = Keeper(_storeClock);
        await using (var gate = Entered(await keeper.EnterAsync(credential, Cancel))) gate.Suspend("the API answered 401");
        Assert.Equal("the API answered 401", Assert.IsType<GateEntry.Suspended>(await keeper.EnterAsync(credential, Cancel)).Reason);

        var newKey = Some.Credential(credential.Name, "another-key");
        await Entered(await keeper.EnterAsync(newKey, Cancel)).DisposeAsync();

        await using (var gate = Entered(await keeper.EnterAsync(credential, Cancel))) gate.Suspend("again");
        Assert.True(await keeper.ResumeAsync(credential, Cancel));
        await using var resumed = Entered(await keeper.EnterAsync(credential, Cancel));
    }

    private GateKeeper Keeper(TimeProvider clock) => new(_store, Some.Settings("unused"), clock, NullLogger<GateKeeper>.Instance);

    private static Gate Entered(GateEntry entry) => Assert.IsType<GateEntry.Entered>(entry).Gate;

    private static async Task AssertPermitAfterAsync(Gate gate, FakeTimeProvider clock, TimeSpan notBefore, TimeSpan within)
    {
        var permit = gate.PermitAsync(Cancel).AsTask();
        await AdvanceAsync(clock, notBefore);
        Assert.False(permit.IsCompleted);
        await AdvanceAsync(clock, within);
        await permit.WaitAsync(TimeSpan.FromSeconds(5), Cancel);
    }

    private static async Task<int> CountPermitsAsync(Gate gate, FakeTimeProvider clock, TimeSpan within)
    {
        var count = 0;
        using var done = new CancellationTokenSource();
        var taking = TakeAsync();
        await AdvanceAsync(clock, within);
        await done.CancelAsync();
        await taking;
        return count;

        async Task TakeAsync()
        {
            try
            {
                for (; ; count++) gate.Completed(await gate.PermitAsync(done.Token));
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    /// <summary>Advances in small steps, so that timers that are set meanwhile fire too, and the lease is renewed.</summary>
    private static async Task AdvanceAsync(FakeTimeProvider clock, TimeSpan by)
    {
        var step = TimeSpan.FromMilliseconds(by > TimeSpan.FromMinutes(5) ? 500 : 50);
        for (; by > step; by -= step)
        {
            clock.Advance(step);
            await Task.Yield();
        }

        clock.Advance(by);
    }
}
