using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Creates the responses of the <c>$management</c> node.</summary>
internal static class ManagementReply
{
    public static Message Ok(Map? body = null) => Create(200, "OK", body);

    public static Message NoContent() => Create(204, "No Content", null);

    public static Message Failed(int statusCode, string condition, string description)
    {
        var reply = Create(statusCode, description, null);
        reply.ApplicationProperties["errorCondition"] = new Symbol(condition);
        return reply;
    }

    private static Message Create(int statusCode, string description, Map? body) => new()
    {
        ApplicationProperties = new() { ["statusCode"] = statusCode, ["statusDescription"] = description },
        BodySection = new AmqpValue { Value = body ?? [] },
    };
}
