using System.Globalization;
using ClockifyFunctions.Sync;

namespace ClockifyFunctions.SimulationTests.Sync;

/// <summary>This test is here, because no other code runs at the same time in this process and uses memory.</summary>
public sealed class LinkTableTests
{
    [Fact]
    public void AKeyUsesAtMost150BytesOfMemory()
    {
        const int Keys = 100_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var table = new LinkTable();
        for (var number = 0; number < Keys; number++) table.Set(HashOf(number), LinkTo(number));
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Keys;
        Assert.InRange(bytes, 1, 150);
        Assert.Equal(LinkTo(99_999), table.Find(HashOf(99_999)));
        Assert.Equal((Keys, Keys), (table.Count, table.Active));
    }

    private static UInt128 HashOf(int number) => Links.HashOf(number.ToString("key 0", CultureInfo.InvariantCulture));

    private static Link LinkTo(int number)
    {
        Assert.True(ObjectId.TryParse($"{number + 1:x24}", out var id));
        return new Link(LinkState.Active, id, default, default, DateTimeOffset.UnixEpoch);
    }
}
