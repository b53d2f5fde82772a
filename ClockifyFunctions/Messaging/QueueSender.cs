using System.Threading.Channels;
using Azure.Messaging.ServiceBus;

namespace ClockifyFunctions.Messaging;

/// <summary>
/// Sends messages to one queue, in the order in which they are given, and completes each send when the broker has accepted the message.
/// A message is sent immediately; messages that arrive during a send are sent together as the next batch.
/// </summary>
/// <remarks>
/// While the broker or the identity provider is unavailable, the sender tries again until the caller cancels. A message that is sent
/// again keeps its id, so a queue with duplicate detection drops the second copy.
/// </remarks>
internal sealed class QueueSender : IAsyncDisposable
{
    /// <summary>Maximum number of messages in one batch. A larger batch would delay the first acknowledgement and not increase the throughput.</summary>
    private const int LargestBatch = 100;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100), LongestPause = TimeSpan.FromSeconds(5);

    private readonly ServiceBusSender _sender;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<Pending> _waiting = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _loop;

    public QueueSender(ServiceBusSender sender, TimeProvider time, ILogger log)
    {
        (_sender, _time, _log) = (sender, time, log);
        // Otherwise the loop would run in the trace context of the first caller.
        using (ExecutionContext.SuppressFlow()) _loop = Task.Run(SendWaitingAsync);
    }

    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was canceled before the broker accepted the message. The message may or may not have arrived.</exception>
    /// <exception cref="ServiceBusException">The message is too large for the queue (<see cref="ServiceBusFailureReason.MessageSizeExceeded"/>).</exception>
    public Task SendAsync(ServiceBusMessage message, CancellationToken cancel)
    {
        var pending = new Pending(message, cancel);
        if (!_waiting.Writer.TryWrite(pending)) pending.Cancel();
        return pending.Task;
    }

    /// <summary>The maximum message size of the queue in bytes, if <paramref name="message"/> is larger; otherwise null.</summary>
    /// <exception cref="ServiceBusException">The broker does not respond.</exception>
    public async Task<long?> ExceededLimitAsync(ServiceBusMessage message, CancellationToken cancel)
    {
        using var batch = await _sender.CreateMessageBatchAsync(cancel);
        return batch.TryAddMessage(message) ? null : batch.MaxSizeInBytes;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _closing.CancelAsync();
        await _loop;
        await _sender.DisposeAsync();
        _closing.Dispose();
    }

    private async Task SendWaitingAsync()
    {
        var group = new List<Pending>(LargestBatch);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (group.Count < LargestBatch && _waiting.Reader.TryRead(out var next)) group.Add(next);
            await SendAsync(group);
            group.Clear();
        }
    }

    /// <summary>Sends the messages of <paramref name="group"/>, in one batch if they fit into one, until each is accepted, refused or canceled.</summary>
    private async Task SendAsync(List<Pending> group)
    {
        var pause = FirstPause;
        while (true)
        {
            group.RemoveAll(pending => pending.Task.IsCompleted);
            if (group.Count == 0) return;
            if (_closing.IsCancellationRequested) break;
            try
            {
                await SendBatchAsync(group);
                pause = FirstPause;
            }
            catch (ServiceBusException refused) when (refused.Reason == ServiceBusFailureReason.MessageSizeExceeded)
            {
                // A batch is never larger than the queue allows, so only a message that is sent on its own is refused.
                group[0].Fail(refused);
            }
            catch (Exception broken) when (IsWorthRepeating(broken))
            {
                _log.LogWarning("Queue {Queue} did not accept {Count} message(s) ({Reason}). The sender tries again in {Pause}.", _sender.EntityPath, group.Count, broken.Message, pause);
                await Task.Delay(pause, _time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception unexpected)
            {
                foreach (var pending in group) pending.Fail(unexpected);
            }
        }

        foreach (var pending in group) pending.Cancel();
    }

    /// <summary>Sends as many messages from the start of <paramref name="group"/> as fit into one batch.</summary>
    private async Task SendBatchAsync(List<Pending> group)
    {
        using var batch = await _sender.CreateMessageBatchAsync(_closing.Token);
        var count = 0;
        while (count < group.Count && batch.TryAddMessage(group[count].Message)) count++;
        if (count == 0)
        {
            // A premium queue can accept a message that is larger than its batches; otherwise the broker refuses it.
            await _sender.SendMessageAsync(group[count++].Message, _closing.Token);
        }
        else
        {
            await _sender.SendMessagesAsync(batch, _closing.Token);
        }

        for (var index = 0; index < count; index++) group[index].Accept();
    }

    /// <summary>Whether the cause may be temporary: a connection, the broker, the identity provider, or a role assignment that is not effective yet.</summary>
    public static bool IsWorthRepeating(Exception broken) =>
        broken is ServiceBusException or Azure.Identity.AuthenticationFailedException or UnauthorizedAccessException or TimeoutException or IOException
            or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;

    /// <summary>A message, and the task that its caller awaits.</summary>
    private sealed class Pending : TaskCompletionSource
    {
        private readonly CancellationTokenRegistration _cancellation;

        public Pending(ServiceBusMessage message, CancellationToken cancel)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Message = message;
            _cancellation = cancel.UnsafeRegister(static (pending, token) => ((Pending)pending!).TrySetCanceled(token), this);
        }

        public ServiceBusMessage Message { get; }

        public void Accept()
        {
            _cancellation.Unregister();
            TrySetResult();
        }

        public void Fail(Exception reason)
        {
            _cancellation.Unregister();
            TrySetException(reason);
        }

        public void Cancel()
        {
            _cancellation.Unregister();
            TrySetCanceled();
        }
    }
}
