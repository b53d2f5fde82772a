using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>Carries the requests of one instance of the app to <see cref="InMemoryBlobs"/>, with the latency and the faults of the moment.</summary>
internal sealed class BlobHandler(InMemoryBlobs blobs, StorageCondition condition, TimeProvider clock, Lifeline life) : HttpMessageHandler
{
    /// <summary>As <c>BlobAccount</c> sets it. The client library measures its own on the real clock, where it never ends.</summary>
    private static readonly TimeSpan NetworkTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Makes a client library use this handler, and wait on the given clock before it repeats a request.</summary>
    public Action<BlobClientOptions> Setup(TimeProvider time) => options =>
    {
        options.Transport = new HttpClientTransport(this);
        options.RetryPolicy = new RetriesOnClock(options.Retry.MaxRetries, options.Retry.Delay, options.Retry.MaxDelay, time);
    };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await life.WhileAliveAsync();
        var body = request.Content is null ? default : await request.Content.ReadAsByteArrayAsync(CancellationToken.None);
        // Not cancelled with the request: what has left reaches the service, also when its sender gives up or dies.
        return await life.AnswerAsync(AnswerAsync(request, body), cancellationToken);
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, ReadOnlyMemory<byte> body)
    {
        var fault = condition.Take(request);
        if (fault == StorageFault.Hangs)
        {
            await Task.Delay(NetworkTimeout, clock);
            throw new TaskCanceledException("The storage did not answer in time.");
        }

        if (condition.Latency > TimeSpan.Zero) await Task.Delay(condition.Latency, clock);
        if (fault == StorageFault.Refused) throw new HttpRequestException(HttpRequestError.ConnectionError, "The storage refuses connections.");
        var answer = blobs.Answer(request, body);
        return fault == StorageFault.LostAnswer ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "The answer of the storage was lost.") : answer;
    }

    /// <summary>The client library's own policy waits on the real clock. This one makes the same decisions and waits on the given clock.</summary>
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
