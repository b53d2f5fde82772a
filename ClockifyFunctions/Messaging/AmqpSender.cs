using System.Collections.Concurrent;
using System.Net.Sockets;
using Amqp;
using Azure.Identity;

namespace ClockifyFunctions.Messaging;

/// <summary>
/// Sends to one queue over AMQP 1.0 and returns when the broker has taken the message. Connects on first use and again
/// whenever connection, session or link has gone; an unacknowledged message is repeated with the same id.
/// </summary>
/// <remarks>
/// A message goes at once when nothing is under way, and what comes meanwhile goes together in the next transfer: the busier a queue is,
/// the less a message costs, and none waits for company.
/// </remarks>
/// <param name="largestBatch">Messages in one transfer, 1 or more. 1 for a broker that does not know the batches of Service Bus.</param>
internal sealed class AmqpSender(ServiceBusEndpoint endpoint, string queue, TimeProvider time, ILogger log, int largestBatch = 100) : IQueueSender, IAsyncDisposable
{
    /// <summary>As much as is billed as one operation, and far below what the standard tier takes.</summary>
    private const int LargestTransfer = 60 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);

    private readonly AmqpLink _link = new(endpoint, queue, time);
    private readonly ConcurrentQueue<Sending> _waiting = [];
    private readonly CancellationTokenSource _closing = new();

    /// <summary>What is sent together; one transfer at a time.</summary>
    private readonly ByteBuffer _batch = new(256, autoGrow: true);

    /// <summary>0 until somebody has asked.</summary>
    private long _largestMessage;

    /// <summary>1 while somebody sends what waits.</summary>
    private int _isSending;

    /// <exception cref="OperationCanceledException">Not acknowledged before <paramref name="cancel"/> fired: it may or may not have arrived.</exception>
    /// <exception cref="AmqpException">The broker refused this very message, for example because of its size: repeating is no use.</exception>
    public Task SendAsync(OutgoingMessage message, CancellationToken cancel)
    {
        var waiting = new Sending(message, cancel);
        _waiting.Enqueue(waiting);
        if (Interlocked.Exchange(ref _isSending, 1) == 0) _ = SendWaitingAsync();
        return waiting.Task;
    }

    /// <summary>How large a message may be, envelope included. Bytes.</summary>
    /// <exception cref="AmqpException">The broker refuses to say.</exception>
    public async Task<long> LargestMessageAsync(CancellationToken cancel) =>
        Volatile.Read(ref _largestMessage) is > 0 and var known ? known : _largestMessage = await new AmqpLink(endpoint, queue, time).LargestMessageAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _link.Drop();
    }

    private async Task SendWaitingAsync()
    {
        do
        {
            while (Next() is { Count: > 0 } batch) await SendAsync(batch);
            Interlocked.Exchange(ref _isSending, 0);
        }
        // What came just before that found somebody sending.
        while (!_waiting.IsEmpty && Interlocked.Exchange(ref _isSending, 1) == 0);
    }

    private List<Sending> Next()
    {
        var (batch, bytes) = (new List<Sending>(), 0);
        while (batch.Count < largestBatch && _waiting.TryPeek(out var next) && (batch.Count == 0 || bytes + next.Message.Size <= LargestTransfer))
        {
            bytes += next.Message.Size;
            batch.Add(next);
            _waiting.TryDequeue(out _);
        }

        return batch;
    }

    /// <summary>Sends until the broker has taken it, refuses it, or nobody waits for it any more.</summary>
    private async Task SendAsync(List<Sending> batch)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            batch.RemoveAll(waiting => waiting.Task.IsCanceled);
            if (batch.Count == 0 || _closing.IsCancellationRequested) break;
            try
            {
                await _link.SendAsync(OutgoingMessage.ToAmqp([.. batch.Select(waiting => waiting.Message)], _batch), _closing.Token);
                foreach (var waiting in batch) waiting.Acknowledge();
                return;
            }
            catch (AmqpException refused) when (refused.Error?.Condition == ErrorCode.MessageSizeExceeded)
            {
                if (batch is [var only]) only.Refuse(refused);
                else foreach (var waiting in batch) await SendAsync([waiting]);
                return;
            }
            catch (Exception broken) when (broken is AmqpException or AuthenticationFailedException or TimeoutException or IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
            {
                log.LogWarning("Queue {Queue}: send not acknowledged ({Reason}); connecting again.", queue, broken.Message);
                _link.Drop();
                await Task.Delay(pause, time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception unexpected)
            {
                foreach (var waiting in batch) waiting.Refuse(unexpected);
                return;
            }
        }

        foreach (var waiting in batch) waiting.GiveUp();
    }

    /// <summary>A message, and whoever waits for the broker to take it.</summary>
    private sealed class Sending : TaskCompletionSource
    {
        private readonly CancellationTokenRegistration _givingUp;

        public Sending(OutgoingMessage message, CancellationToken cancel)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Message = message;
            _givingUp = cancel.UnsafeRegister(static (sending, token) => ((Sending)sending!).TrySetCanceled(token), this);
        }

        public OutgoingMessage Message { get; }

        public void Acknowledge()
        {
            _givingUp.Unregister();
            TrySetResult();
        }

        public void Refuse(Exception reason)
        {
            _givingUp.Unregister();
            TrySetException(reason);
        }

        public void GiveUp()
        {
            _givingUp.Unregister();
            TrySetCanceled();
        }
    }
}
