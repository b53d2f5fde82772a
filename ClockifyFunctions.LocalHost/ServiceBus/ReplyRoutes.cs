using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Finds the reply link that a request names in <c>reply-to</c>. Some SDKs write the target address of the reply link, others
/// write its name. The value is unique within one connection only.
/// </summary>
internal sealed class ReplyRoutes
{
    private readonly ConcurrentDictionary<(Connection Connection, string ReplyTo), ReplyEndpoint> _routes = new();

    public ReplyEndpoint Add(ListenerLink link, Attach attach, Lock amqpLock)
    {
        var endpoint = new ReplyEndpoint(link, amqpLock);
        var connection = link.Session.Connection;
        foreach (var name in new[] { link.Name, (attach.Target as Target)?.Address }.OfType<string>())
        {
            var route = (connection, name);
            _routes[route] = endpoint;
            link.Closed += (_, _) => _routes.TryRemove(new(route, endpoint));
        }
        return endpoint;
    }

    public ReplyEndpoint? Find(Connection connection, string? replyTo) =>
        replyTo is not null && _routes.TryGetValue((connection, replyTo), out var endpoint) ? endpoint : null;
}
