using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>Passes the requests of one instance of the app to <see cref="InMemoryBlobs"/>, with the current latency and faults.</summary>
internal sealed class BlobHandler(InMemoryBlobs blobs, StorageCondition condition, TimeProvider clock, KillSwitch killSwitch) : HttpMessageHandler
{
    /// <summary>The timeout that <c>BlobAccount</c> sets. The client library measures it on the real clock, where it never expires.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes a client library use this handler and the given clock for its retries.</summary>
    public Action<BlobClientOptions> Setup(TimeProvider time) => options =>
    {
        options.Transport = new HttpClientTransport(this);
        options.RetryPolicy = new RetriesOnClock(options.Retry.MaxRetries, options.Retry.Delay, options.Retry.MaxDelay, time);
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await killSwitch.WhileRunningAsync();
        var body = request.Content is null ? default : await request.Content.ReadAsByteArrayAsync(CancellationToken.None);
        // Do not pass the cancellation token, because a sent request reaches the service even if its sender cancels or is killed.
        return await killSwitch.AnswerAsync(AnswerAsync(request, body), cancellationToken);
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        var fault = condition.Take(request);
        if (fault == StorageFault.Hangs)
        {
            await Task.Delay(NetworkTimeout, clock);
            throw new TaskCanceledException("Storage did not respond in time.");
        }

        if (condition.Latency > TimeSpan.Zero) await Task.Delay(condition.Latency, clock);
        if (fault == StorageFault.Refused) throw new HttpRequestException(HttpRequestError.ConnectionError, "Storage refuses connections.");
        var answer = blobs.Answer(request, body);
        return fault == StorageFault.LostAnswer ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response of storage was lost.") : answer;
    }

    /// <summary>Makes the same decisions as the policy of the client library, but waits on the given clock instead of the real one.</summary>
    private sealed class RetriesOnClock(int most, TimeSpan first, TimeSpan longest, TimeProvider time) : RetryPolicy(most, new NoDelay())
    {
        protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception)
        {
            if (!await base.ShouldRetryAsync(message, exception)) return false;
            var pause = first * Math.Pow(2, message.ProcessingContext.RetryNumber);
            await Task.Delay(pause < longest ? pause : longest, time, message.CancellationToken);
            return true;
        }
    }

    private sealed class NoDelay : DelayStrategy
    {
        protected override TimeSpan GetNextDelayCore(Response? response, int retryNumber) => TimeSpan.Zero;
    }
}
