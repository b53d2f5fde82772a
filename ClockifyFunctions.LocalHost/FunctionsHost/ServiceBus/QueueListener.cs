using System.Net.Sockets;
using Amqp;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

namespace ClockifyFunctions.LocalHost.FunctionsHost.ServiceBus;

/// <summary>
/// Receives from one queue, calls the function and settles: success completes, everything else abandons. Connects again
/// by itself when the broker drops the connection.
/// </summary>
internal sealed partial class QueueListener(
    QueueTriggerConfig trigger, QueueSettings settings, FunctionInvoker invoker, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>How long one look for a message takes; bounds how long a stop waits for an idle listener.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <summary>A batch is closed when nothing more arrives for this long (20 ms in the Service Bus client).</summary>
    private static readonly TimeSpan BatchGap = TimeSpan.FromMilliseconds(20);

    private readonly ILogger log = loggers.CreateLogger("Host.ServiceBus." + trigger.Queue);
    private readonly string brokerNamespace = Address(trigger).Host;

    public async Task RunAsync(CancellationToken stopping)
    {
        var backOff = TimeSpan.FromMilliseconds(50);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await BrokerConnection.OpenAsync(Address(trigger), trigger.Queue, time);
                backOff = TimeSpan.FromMilliseconds(50);
                await (trigger.Batch ? BatchesAsync(connection, stopping) : SinglesAsync(connection, stopping));
            }
            catch (Exception e) when (IsBrokerTrouble(e))
            {
                Log.BrokerLost(log, trigger.Queue, e.Message);
            }

            if (stopping.IsCancellationRequested) return;
            // The broker's sockets live in real time, whatever clock the test turns.
            await Task.Delay(backOff, TimeProvider.System, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
        }
    }

    internal static bool IsBrokerTrouble(Exception e) => e is AmqpException or SocketException or IOException
        or TimeoutException or ObjectDisposedException or InvalidOperationException;

    private static BrokerAddress Address(QueueTriggerConfig trigger) =>
        BrokerAddress.TryParse(trigger.ConnectionString, out var address)
            ? address : throw new InvalidOperationException("The connection string was checked at start.");

    private async Task BatchesAsync(BrokerConnection connection, CancellationToken stopping)
    {
        var link = connection.Receiver;
        // Credit left over stays with the broker, as with the Service Bus client: what arrives during an invocation
        // waits here, locked, for the next one. prefetchCount therefore adds nothing.
        link.SetCredit(settings.MaxMessageBatchSize, CreditMode.Manual);
        while (connection.IsOpen && !stopping.IsCancellationRequested)
        {
            if (await link.ReceiveAsync(Look) is not { } message) continue;
            List<Message> batch = [message];
            while (batch.Count < settings.MaxMessageBatchSize && await link.ReceiveAsync(BatchGap) is { } more) batch.Add(more);
            var result = await invoker.InvokeAsync(stamp => InvocationBody.Batch(
                trigger.Binding, [.. batch.Select(AmqpMessages.Read)], trigger.Binary, brokerNamespace, stamp));
            foreach (var one in batch) Settle(link, one, result);
            link.SetCredit(batch.Count, CreditMode.Manual);
        }

        GiveBack(connection);
    }

    private async Task SinglesAsync(BrokerConnection connection, CancellationToken stopping)
    {
        var link = connection.Receiver;
        using var slots = new SemaphoreSlim(settings.MaxConcurrentCalls);
        link.SetCredit(settings.MaxConcurrentCalls + settings.PrefetchCount, CreditMode.Manual);
        var running = new HashSet<Task>();
        try
        {
            while (connection.IsOpen && !stopping.IsCancellationRequested)
            {
                // A slot first: a message received without one would lose lock time while it waits.
                if (!await slots.WaitAsync(Look, CancellationToken.None)) continue;
                if (await link.ReceiveAsync(Look) is { } message) running.Add(RunOneAsync(connection, message, slots));
                else slots.Release();
                running.RemoveWhere(t => t.IsCompletedSuccessfully);
            }

            GiveBack(connection);
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    private async Task RunOneAsync(BrokerConnection connection, Message message, SemaphoreSlim slots)
    {
        using var done = new CancellationTokenSource();
        var keeping = new LockKeeper(connection, settings.MaxAutoLockRenewal, time, log).KeepAsync(message, done.Token);
        var result = await invoker.InvokeAsync(stamp => InvocationBody.Single(
            trigger.Binding, AmqpMessages.Read(message), trigger.Binary, brokerNamespace, stamp));
        await done.CancelAsync();
        await keeping;
        Settle(connection.Receiver, message, result);
        slots.Release();
    }

    private void Settle(ReceiverLink link, Message message, InvocationResult result)
    {
        try
        {
            if (result.Succeeded) link.Accept(message);
            else link.Modify(message, deliveryFailed: true);
            if (!trigger.Batch) link.SetCredit(1, CreditMode.Manual);
        }
        catch (Exception e) when (IsBrokerTrouble(e))
        {
            // The message comes again when its lock ends.
            Log.NotSettled(log, AmqpMessages.LockToken(message), e.Message);
        }
    }

    /// <summary>Messages that arrived and were not looked at go back at once, and were not delivered.</summary>
    private static void GiveBack(BrokerConnection connection)
    {
        // Not ReceiveAsync: with a zero time-out it never completes when nothing is there.
        while (connection.IsOpen && connection.Receiver.Receive(TimeSpan.Zero) is { } message)
            connection.Receiver.Release(message);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "No connection to queue {Queue}: {Reason}")]
        public static partial void BrokerLost(ILogger logger, string queue, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Could not settle the message with lock {Token}: {Reason}")]
        public static partial void NotSettled(ILogger logger, Guid token, string reason);
    }
}
