using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The <c>$cbs</c> node: takes any token, for the same reason as <see cref="AnyCredentials"/>.</summary>
internal static class TokenRequests
{
    public static Message Answer(Message request) => new()
    {
        // This node spells its properties with hyphens, unlike $management.
        ApplicationProperties = new() { ["status-code"] = 202, ["status-description"] = "Accepted" },
        BodySection = new AmqpValue { Value = null },
    };
}
