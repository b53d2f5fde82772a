using ClockifyFunctions.LocalHost.ClockifySimulator;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.ClockifySimulator;

public sealed class LedgerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider time = new();
    private readonly Ledger ledger;

    public LedgerTests() => ledger = new Ledger(time.TimestampFrequency);

    [Fact]
    public void EachCallAboveTheLimitCountsWhetherRefusedOrNot()
    {
        for (var i = 0; i < 12; i++)
            Arrive("a", accepted: i < 10);

        Assert.Equal(2, ledger.WindowsAboveLimit("a", 10, Second));
        Assert.Equal(0, ledger.WindowsAboveLimit("a", 12, Second));
    }

    [Fact]
    public void TwoCallsExactlyOneWindowApartAreWithinTheLimit()
    {
        Arrive("a");
        time.Advance(Second);
        Arrive("a");
        Assert.Equal(0, ledger.WindowsAboveLimit("a", 1, Second));

        time.Advance(Second - TimeSpan.FromTicks(1));
        Arrive("a");
        Assert.Equal(1, ledger.WindowsAboveLimit("a", 1, Second));
    }

    [Fact]
    public void EachKeyIsEvaluatedSeparately()
    {
        Arrive("a");
        Arrive("b");
        Assert.Equal(0, ledger.WindowsAboveLimit("a", 1, Second));
        Assert.Equal(0, ledger.WindowsAboveLimit("never seen", 1, Second));
    }

    [Fact]
    public void CallsAtExactlyTheLimitUseAllOfIt()
    {
        for (var i = 0; i < 101; i++)
        {
            Arrive("a");
            time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(1.0, ledger.Utilisation("a", 10, Second), 9);
        Assert.Equal(0.5, ledger.Utilisation("a", 20, Second), 9);
    }

    [Fact]
    public void RefusedCallsDoNotCountAsUtilisation()
    {
        Arrive("a");
        time.Advance(Second);
        Arrive("a", accepted: false);
        Assert.Equal(0, ledger.Utilisation("a", 10, Second));
    }

    [Fact]
    public void KeysAreKeptAsFingerprints()
    {
        Arrive("a secret key");
        Assert.Equal(Ledger.Fingerprint("a secret key"), Assert.Single(ledger.Calls).Key);
        Assert.Matches("^[0-9a-f]{8}$", ledger.Calls[0].Key);
    }

    [Fact]
    public void ASummaryHasOneLinePerKey()
    {
        Arrive("a").Status = 201;
        Arrive("a", accepted: false).Status = 429;
        ledger.Add(new CreatedTimeEntry("1", "w", "u", "d", time.GetUtcNow(), Ledger.Fingerprint("a")));

        Assert.Equal([new KeySummary(Ledger.Fingerprint("a"), Calls: 2, Lookups: 2, Writes: 0, Responses429: 1, WindowsAboveLimit: 1, CreatedTimeEntries: 1)], ledger.Summarise(1, Second));
        Assert.Equal(1, ledger.Responses429);
    }

    private LedgerCall Arrive(string key, bool accepted = true) =>
        ledger.Add(time.GetTimestamp(), key, "GET", "/api/v1/user", accepted);
}
