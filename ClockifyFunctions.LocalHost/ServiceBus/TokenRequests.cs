using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The <c>$cbs</c> node. Without a key it accepts every token, for the same reason as <see cref="AnyCredentials"/>. With a key
/// it accepts only tokens that are signed with the key, and a connection can attach links until its token expires.
/// </summary>
internal sealed class TokenRequests(SharedAccessKey? key, TimeProvider time)
{
    private readonly ConditionalWeakTable<Connection, object> _authorizedUntil = new();

    private int _taken;

    public int Taken => Volatile.Read(ref _taken);

    public bool IsAuthorized(Connection connection) =>
        key is null || (_authorizedUntil.TryGetValue(connection, out var until) && (DateTimeOffset)until > time.GetUtcNow());

    public Message Answer(Connection connection, Message request)
    {
        if (key is null)
            return Reply(202, "Accepted");
        if (key.Verify(request.Body as string) is not { } expiry || expiry <= time.GetUtcNow())
            return Reply(401, "InvalidSignature: The token has an invalid signature, or has expired.");
        _authorizedUntil.AddOrUpdate(connection, expiry);
        Interlocked.Increment(ref _taken);
        return Reply(202, "Accepted");
    }

    private static Message Reply(int status, string description) => new()
    {
        // This node uses hyphens in the names of properties, unlike $management.
        ApplicationProperties = new() { ["status-code"] = status, ["status-description"] = description },
        BodySection = new AmqpValue { Value = null },
    };
}
