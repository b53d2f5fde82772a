using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

internal static class LockLost
{
    public const string Condition = "com.microsoft:message-lock-lost";
    public const string Description =
        "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.";

    public static Error Error() => new(Condition) { Description = Description };
}
