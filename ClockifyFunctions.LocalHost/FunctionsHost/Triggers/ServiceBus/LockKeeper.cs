using Amqp;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>Renews the lock of one message while its invocation runs.</summary>
internal sealed partial class LockKeeper(BrokerConnection connection, TimeSpan longest, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Renews until <paramref name="done"/>, until the longest renewal time has passed, or until the lock is lost.</summary>
    public async Task KeepAsync(Message message, CancellationToken done)
    {
        if (AmqpMessages.LockedUntil(message) is not { } lockedUntil) return;
        var token = AmqpMessages.LockToken(message);
        var started = time.GetUtcNow();
        try
        {
            while (true)
            {
                await Task.Delay(Wait(lockedUntil - time.GetUtcNow()), time, done);
                if (longest != Timeout.InfiniteTimeSpan && time.GetUtcNow() - started >= longest) return;
                lockedUntil = await connection.Locks.RenewAsync(token, done);
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
        }
        catch (Exception e) when (QueueListener.IsBrokerTrouble(e))
        {
            Log.Lost(log, token, e.Message);
        }
    }

    /// <summary>Like the Service Bus client: ten seconds before the lock expires, or after half of the time if less than 20 seconds are left.</summary>
    internal static TimeSpan Wait(TimeSpan left)
    {
        if (left <= TimeSpan.Zero) return TimeSpan.Zero;
        return left - (left / 2 < Margin ? left / 2 : Margin);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Could not renew lock {Token}: {Reason}")]
        public static partial void Lost(ILogger logger, Guid token, string reason);
    }
}
