using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Waits, for a limited time, for an effect of another process that raises no event. A failure names the awaited condition.</summary>
internal static class Eventually
{
    /// <summary>Advances the clock of a test until a task that waits by this clock has completed.</summary>
    public static Task DoneAsync(string what, Task task, FakeTimeProvider time) => TrueAsync(
        what,
        () =>
        {
            if (!task.IsCompleted) time.Advance(TimeSpan.FromSeconds(1));
            return task.IsCompleted;
        },
        TimeSpan.FromSeconds(60));

    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan within) => TrueAsync(what, () => Task.FromResult(condition()), within);

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
