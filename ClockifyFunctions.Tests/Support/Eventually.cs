namespace ClockifyFunctions.Tests.Support;

/// <summary>Waits for something that another process does and cannot announce; bounded, and it says what it waited for.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan within)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await condition()) await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Not within {within.TotalSeconds:0} s: {what}");
        }
    }
}
