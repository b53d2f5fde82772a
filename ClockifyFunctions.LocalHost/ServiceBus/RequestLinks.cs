using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Request and response over AMQP: <c>$cbs</c> takes any token, <c>{queue}/$management</c> renews locks.</summary>
internal sealed class RequestLinks(Func<string, EmulatedQueue?> queues)
{
    private const string Cbs = "$cbs", Management = "/$management";

    private readonly ConcurrentDictionary<string, ListenerLink> _replies = new(StringComparer.Ordinal);

    public static bool Serves(string address) => address == Cbs || address.EndsWith(Management, StringComparison.Ordinal);

    /// <summary>Clients name the reply link either by its name or by its target address.</summary>
    public void AttachReplies(ListenerLink link, Attach attach)
    {
        link.InitializeSender((_, _, _) => { }, (_, _, _, _) => { }, null);
        string[] names = (attach.Target as Target)?.Address is { Length: > 0 } target ? [link.Name, target] : [link.Name];
        foreach (var name in names) _replies[name] = link;
        link.Closed += (_, _) =>
        {
            foreach (var name in names) _replies.TryRemove(KeyValuePair.Create(name, link));
        };
    }

    public void AttachRequests(ListenerLink link, string address) =>
        link.InitializeReceiver(100, (from, request, _, _) =>
        {
            from.DisposeMessage(request, new Accepted(), settled: true);
            if (request.Properties?.ReplyTo is not { } replyTo || !_replies.TryGetValue(replyTo, out var reply)) return;
            var response = address == Cbs ? Answer(200, null, "status-code") : Manage(queues(address[..^Management.Length]), request);
            response.Properties = new Properties();
            response.Properties.SetCorrelationId(request.Properties.GetMessageId());
            reply.SendMessage(response);
        }, null);

    private static Message Manage(EmulatedQueue? queue, Message request)
    {
        if (queue is null) return Answer(404, "There is no such queue.");
        var operation = request.ApplicationProperties?["operation"] as string;
        if (operation != "com.microsoft:renew-lock") return Answer(501, $"This emulator does not know the operation '{operation}'.");
        var tokens = (Guid[])((Map)request.Body)["lock-tokens"];
        var expiries = tokens.Select(queue.Renew).ToArray();
        if (expiries.Any(expiry => expiry is null)) return Answer(410, "The lock has ended.");
        var answer = Answer(200, null);
        answer.BodySection = new AmqpValue { Value = new Map { ["expirations"] = expiries.Select(expiry => expiry!.Value.UtcDateTime).ToArray() } };
        return answer;
    }

    private static Message Answer(int status, string? description, string property = "statusCode")
    {
        var answer = new Message { ApplicationProperties = new ApplicationProperties(), BodySection = new AmqpValue { Value = new Map() } };
        answer.ApplicationProperties[property] = status;
        if (description is not null) answer.ApplicationProperties["statusDescription"] = description;
        return answer;
    }
}
