using ClockifyFunctions.Configuration;

namespace ClockifyFunctions.Tests.Configuration;

public sealed class MaxLookupAgeTests
{
    [Theory]
    [InlineData("10/00:00:01", 15)]
    [InlineData("10/00:00:01;99/01:00:00", 24 * 60)]
    public void AKeyWithFewCallsReadsListsOnceADay(string limits, int minutes)
    {
        Assert.True(RateWindow.TryParseList(limits, out var windows));
        var credential = new Credential("default", "key", "X-Api-Key", Credential.GlobalApi, windows);
        Assert.Equal(TimeSpan.FromMinutes(minutes), new AppSettings { Credentials = new Dictionary<string, Credential>() }.MaxLookupAge(credential));
    }
}
