using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.Tests.RateLimiting;

/// <summary>The behavior of every <see cref="IGateStore"/>.</summary>
public abstract class GateStoreContract
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly Dictionary<string, string> Entries = new() { ["some"] = "text" };
    private readonly string _gate = Some.Name("gate");

    internal abstract IGateStore Store { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ANewGateIsEmptyAndCanBeAcquiredOnce()
    {
        var taken = await AcquireAsync(Id());
        Assert.Equal(PacerState.Fresh.Format(), taken!.Entries[GateKeeper.StateEntry]);
        Assert.Null(await AcquireAsync(Id()));
    }

    [Fact]
    public async Task AReleasedGateIsAvailableAtOnceWithItsEntries()
    {
        var holder = Id();
        await AcquireAsync(holder);
        Assert.True(await Store.WriteAsync(_gate, holder, Entries, Cancel));
        await Store.ReleaseAsync(_gate, holder, Cancel);
        Assert.Equal(Entries, (await AcquireAsync(Id()))!.Entries);
    }

    [Fact]
    public async Task OnlyTheHolderRenewsAndWrites()
    {
        var (holder, other) = (Id(), Id());
        await AcquireAsync(holder);
        Assert.Equal(LeaseStatus.Ours, await Store.RenewAsync(_gate, holder, Cancel));
        Assert.Equal(LeaseStatus.Lost, await Store.RenewAsync(_gate, other, Cancel));
        Assert.False(await Store.WriteAsync(_gate, other, Entries, Cancel));
        await Store.ReleaseAsync(_gate, other, Cancel);
        Assert.Null(await AcquireAsync(Id()));
    }

    [Fact]
    public async Task AWriteWithoutTheLeaseChangesNothing()
    {
        var (late, holder) = (Id(), Id());
        await AcquireAsync(late);
        await Store.ReleaseAsync(_gate, late, Cancel);
        Assert.False(await Store.WriteAsync(_gate, late, Entries, Cancel));
        await AcquireAsync(holder);
        Assert.False(await Store.WriteAsync(_gate, late, Entries, Cancel));
        Assert.False((await Store.ReadAsync(_gate, Cancel))!.Entries.ContainsKey("some"));
    }

    [Fact]
    public async Task ABreakLetsTheHolderWriteAndReleaseButNotRenew()
    {
        var holder = Id();
        await AcquireAsync(holder);
        await Store.BreakAsync(_gate, Cancel);
        Assert.Equal(LeaseStatus.Breaking, await Store.RenewAsync(_gate, holder, Cancel));
        Assert.Null(await AcquireAsync(Id()));
        Assert.True(await Store.WriteAsync(_gate, holder, Entries, Cancel));
        await Store.ReleaseAsync(_gate, holder, Cancel);
        Assert.NotNull(await AcquireAsync(Id()));
    }

    [Fact]
    public async Task BreakingAFreeOrUnknownGateDoesNothing()
    {
        await Store.BreakAsync(_gate, Cancel);
        var holder = Id();
        await AcquireAsync(holder);
        await Store.ReleaseAsync(_gate, holder, Cancel);
        await Store.BreakAsync(_gate, Cancel);
        Assert.NotNull(await AcquireAsync(Id()));
    }

    [Fact]
    public async Task AFreeGateIsWrittenOnlyIfItHasNotChanged()
    {
        Assert.Null(await Store.ReadAsync(_gate, Cancel));
        var holder = Id();
        await AcquireAsync(holder);
        var read = (await Store.ReadAsync(_gate, Cancel))!;
        Assert.False(await Store.WriteFreeAsync(_gate, read, Entries, Cancel));
        await Store.ReleaseAsync(_gate, holder, Cancel);
        read = (await Store.ReadAsync(_gate, Cancel))!;
        Assert.True(await Store.WriteFreeAsync(_gate, read, Entries, Cancel));
        Assert.False(await Store.WriteFreeAsync(_gate, read, new Dictionary<string, string>(), Cancel));
    }

    private static string Id() => Guid.NewGuid().ToString();

    private Task<StoredGate?> AcquireAsync(string lease) => Store.AcquireAsync(_gate, lease, Duration, Cancel);
}

public sealed class InMemoryGateStoreTests : GateStoreContract
{
    internal override IGateStore Store { get; } = new InMemoryGateStore(TimeProvider.System);
}

public sealed class BlobGateStoreTests : GateStoreContract
{
    internal override IGateStore Store { get; } = new BlobGateStore(InMemoryStorage.Open());
}

[Collection(AzuriteCollection.Name)]
public sealed class BlobGateStoreOnAzuriteTests(AzuriteFixture azurite) : GateStoreContract
{
    internal override IGateStore Store { get; } = new BlobGateStore(azurite.Account);
}
