using System.Net.Sockets;
using Amqp;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>
/// Receives from one queue, invokes the function and settles the messages. It completes the messages of a successful invocation and abandons those
/// of a failed one. It connects again if the broker closes the connection.
/// </summary>
internal sealed partial class QueueListener(
    FunctionConfig function, QueueTriggerConfig trigger, QueueSettings settings, Invoker invoker, HostLifetime lifetime, ILoggerFactory loggers, TimeProvider time)
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>The maximum wait of one receive call. It limits how long a stop waits for an idle listener.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>A batch is complete if no further message arrives for this long (20 ms in the Service Bus client).</summary>
    private static readonly TimeSpan BatchGap = TimeSpan.FromMilliseconds(20);

    private readonly ILogger log = loggers.CreateLogger("Host.ServiceBus." + trigger.Queue);

    private bool IsStopping => lifetime.Stopping.IsCancellationRequested;

    public async Task RunAsync()
    {
        var backOff = TimeSpan.FromMilliseconds(50);
        while (!IsStopping)
        {
            try
            {
                await using var connection = await BrokerConnection.OpenAsync(Address(trigger), trigger.Queue, time);
                backOff = TimeSpan.FromMilliseconds(50);
                await (trigger.Batch ? BatchesAsync(connection) : SinglesAsync(connection));
            }
            catch (Exception e) when (IsBrokerTrouble(e))
            {
                Log.BrokerLost(log, trigger.Queue, e.Message);
            }

            if (IsStopping) return;
            // Use real time, because the sockets of the broker do not use the clock of a test.
            await Task.Delay(backOff, TimeProvider.System, lifetime.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
    }

    internal static bool IsBrokerTrouble(Exception e) => e is AmqpException or SocketException or IOException
        or TimeoutException or ObjectDisposedException or InvalidOperationException;

    private static BrokerAddress Address(QueueTriggerConfig trigger) =>
        BrokerAddress.TryParse(trigger.ConnectionString, out var address)
            ? address : throw new InvalidOperationException("The connection string was checked at start.");

    private async Task BatchesAsync(BrokerConnection connection)
    {
        var receiver = new CreditedReceiver(connection.Receiver);
        // Like the Service Bus client, leave unused credit with the broker. Messages that arrive during an invocation wait here, locked, for the
        // next invocation, so prefetchCount has no further effect.
        receiver.Grant(settings.MaxMessageBatchSize);
        while (connection.IsOpen && !IsStopping)
        {
            if (await receiver.ReceiveAsync(Look) is not { } message) continue;
            List<Message> batch = [message];
            while (batch.Count < settings.MaxMessageBatchSize && await receiver.ReceiveAsync(BatchGap) is { } more) batch.Add(more);
            if (IsStopping)
            {
                batch.ForEach(one => GiveBack(receiver, one));
                break;
            }

            var result = await invoker.InvokeAsync(function, QueueInvocations.Batch(trigger.Binding, batch));
            batch.ForEach(one => Settle(receiver, one, result));
            if (!IsStopping) receiver.Grant(batch.Count);
        }

        await GiveBackAllAsync(connection, receiver);
    }

    private async Task SinglesAsync(BrokerConnection connection)
    {
        var receiver = new CreditedReceiver(connection.Receiver);
        using var slots = new SemaphoreSlim(settings.MaxConcurrentCalls);
        receiver.Grant(settings.MaxConcurrentCalls + settings.PrefetchCount);
        var running = new HashSet<Task>();
        try
        {
            while (connection.IsOpen && !IsStopping)
            {
                // Wait for a free slot before receiving: a message that waits here for a slot would lose lock time.
                if (!await slots.WaitAsync(Look, CancellationToken.None)) continue;
                var message = await receiver.ReceiveAsync(Look);
                if (message is not null && !IsStopping)
                {
                    running.Add(RunOneAsync(connection, receiver, message, slots));
                }
                else
                {
                    if (message is not null) GiveBack(receiver, message);
                    slots.Release();
                }

                running.RemoveWhere(t => t.IsCompletedSuccessfully);
            }

            await GiveBackAllAsync(connection, receiver);
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task RunOneAsync(BrokerConnection connection, CreditedReceiver receiver, Message message, SemaphoreSlim slots)
    {
        using var done = new CancellationTokenSource();
        var keeping = new LockKeeper(connection, settings.MaxAutoLockRenewal, time, log).KeepAsync(message, done.Token);
        var result = await invoker.InvokeAsync(function, QueueInvocations.Single(trigger.Binding, message));
        await done.CancelAsync();
        await keeping;
        Settle(receiver, message, result);
        slots.Release();
    }

    private void Settle(CreditedReceiver receiver, Message message, InvocationResult result)
    {
        try
        {
            if (result is InvocationResult.CutOff) return;
            // For single messages, the real host checks the stopping token before it completes a message. If the host is stopping, it does not
            // complete the message, and the broker delivers it again. Batches are completed.
            if (result is InvocationResult.Succeeded && (trigger.Batch || !IsStopping)) receiver.Link.Accept(message);
            else receiver.Link.Modify(message, deliveryFailed: true);
            if (!trigger.Batch && !IsStopping) receiver.Grant(1);
        }
        catch (Exception e) when (IsBrokerTrouble(e))
        {
            // The broker delivers the message again when its lock expires.
            Log.NotSettled(log, AmqpMessages.LockToken(message), e.Message);
        }
    }

    /// <summary>
    /// Revokes the credit and releases the messages that no invocation has received; their delivery count does not increase. Otherwise a message that
    /// is abandoned during the stop would return to this listener and stay locked.
    /// </summary>
    private async Task GiveBackAllAsync(BrokerConnection connection, CreditedReceiver receiver)
    {
        if (connection.IsOpen) await receiver.DrainAsync(Look, message => GiveBack(receiver, message));
    }

    private void GiveBack(CreditedReceiver receiver, Message message)
    {
        if (!lifetime.HasCrashed) receiver.Link.Release(message);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Queue {Queue} not connected: {Reason}")]
        public static partial void BrokerLost(ILogger logger, string queue, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Could not settle the message with lock {Token}: {Reason}")]
        public static partial void NotSettled(ILogger logger, Guid token, string reason);
    }
}
