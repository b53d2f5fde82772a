using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

internal static class LockLost
{
    public const string Condition = "com.microsoft:message-lock-lost";
    public const string Description =
        "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.";

    public const string SessionCondition = "com.microsoft:session-lock-lost";

    public static string SessionDescription(string sessionId) =>
        $"The session lock has expired on the session '{sessionId}'. Accept the session again.";

    public static Error SessionError(string sessionId) => new(SessionCondition) { Description = SessionDescription(sessionId) };

    public static Error Error() => new(Condition) { Description = Description };
}
