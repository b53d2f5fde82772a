using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Waits for something that another process does and cannot announce; bounded, and it says what it waited for.</summary>
internal static class Eventually
{
    /// <summary>Something that waits by a clock of the test's, which is turned on until it is done.</summary>
    public static Task DoneAsync(string what, Task task, FakeTimeProvider time) => TrueAsync(
        what,
        () =>
        {
            if (!task.IsCompleted) time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(task.IsCompleted);
        },
        TimeSpan.FromSeconds(60));

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
