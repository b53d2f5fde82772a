using ClockifyFunctions.Api;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Api;

public class CallRatesTests
{
    private readonly BlobAccount _account = InMemoryStorage.Open();
    private readonly string _credential = Some.Name("credential"), _destination = Some.Name("destination");
    private readonly Backlogs _backlogs;

    public CallRatesTests() => _backlogs = new Backlogs(_account);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ADestinationThatIsMadeAgainCountsAnewAndMadeNoCallsBackwards()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var rates = new CallRates(_backlogs, time);
        foreach (var calls in new[] { 900, 1000, 10, 20 })
        {
            await MoveAsync(calls);
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.InRange(await rates.NowAsync(_credential, _destination, Cancel), 0, 1000);
        }

        Assert.All((await rates.SeriesAsync(TimeSpan.FromHours(1), Cancel)).Where(series => series.Credential == _credential).SelectMany(series => series.Points), point => Assert.InRange(point.Calls, 0, 1000));
    }

    private async Task MoveAsync(int calls)
    {
        if (calls == 10) await _backlogs.DeleteAsync(_credential, _destination, Cancel);
        if (calls is 900 or 10) await _backlogs.Log(_credential, _destination).AppendAsync("0\n"u8.ToArray(), Cancel);
        await CursorBlob.Open(_account, (await _backlogs.FindAsync(_credential, _destination, Cancel))!).MoveAsync(new Cursor(LogPosition.Start, calls, 0, calls), Cancel);
    }
}
