using Amqp;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>Keeps one message locked while its invocation runs.</summary>
internal sealed partial class LockKeeper(BrokerConnection connection, TimeSpan longest, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    /// <summary>Ends at <paramref name="done"/>, after the longest renewal, or when the lock is lost.</summary>
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

    /// <summary>As the Service Bus client: ten seconds before the lock expires, or half way if it lasts less than twenty.</summary>
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
