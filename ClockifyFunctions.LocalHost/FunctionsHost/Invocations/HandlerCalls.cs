using ClockifyFunctions.LocalHost.FunctionsHost.Handler;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>
/// Sends calls to the handler under the host's rules: wait until it is ready, end at functionTimeout (and with it the
/// handler), fail when the handler dies.
/// </summary>
internal sealed class HandlerCalls(
    HandlerSupervisor handler, TimeSpan functionTimeout, TimeProvider time, CancellationToken stopping) : IDisposable
{
    public const string HostVersion = "4.1037.0.0";

    /// <summary>Seen in the recordings: how long a call past its time may still answer before the handler is killed.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>An answer may be on its way when the process that sent it has already ended.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CrashNotice = TimeSpan.FromMilliseconds(100);

    private readonly RunningCalls calls = new();

    public HttpClient Http { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = System.Net.DecompressionMethods.None,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Calls so far; whatever calls the handler is what Azure bills as an execution.</summary>
    public long Begun => calls.Begun;

    public Task WhenIdle() => calls.WhenIdle();

    /// <summary>Runs one call. The token given to it ends it when its time is over.</summary>
    /// <returns>The value, or the reason why there is none.</returns>
    public async Task<(T? Value, string? Failure)> CallAsync<T>(Func<Uri, CancellationToken, Task<T>> send)
        where T : class
    {
        using var call = calls.Begin();
        using var abort = new CancellationTokenSource();
        HandlerProcess? process = null;
        try
        {
            process = await handler.WhenReadyAsync(stopping);
            var answer = send(process.Address, abort.Token);
            if (await EndsWithinAsync(answer, process.Exited, functionTimeout)) return (await answer, null);
            if (process.Exited.IsCompleted)
            {
                return await EndsWithinAsync(answer, null, LastWords)
                    ? (await answer, null) : (null, "the handler ended during the call");
            }

            if (!await EndsWithinAsync(answer, process.Exited, Grace)) await handler.RestartAsync(process);
            return (null, $"the call was not over after functionTimeout ({functionTimeout})");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or TimeoutException)
        {
            // A broken connection is often the first sign of a crash. The abandoned message must not come back to the dead handler.
            if (process is not null) await EndsWithinAsync(process.Exited, null, CrashNotice);
            return (null, e.Message);
        }
        finally
        {
            await abort.CancelAsync();
        }
    }

    public void Dispose() => Http.Dispose();

    private async Task<bool> EndsWithinAsync(Task answer, Task? exit, TimeSpan limit)
    {
        using var done = new CancellationTokenSource();
        var delay = Task.Delay(limit, time, done.Token);
        var first = await Task.WhenAny(exit is null ? [answer, delay] : [answer, delay, exit]);
        await done.CancelAsync();
        return first == answer;
    }
}
