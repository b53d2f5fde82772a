using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Finds the reply link a request asks for. Its <c>reply-to</c> is the reply link's target address for some SDKs and
/// its name for others, and means something only within one connection.
/// </summary>
internal sealed class ReplyRoutes
{
    private readonly ConcurrentDictionary<(Connection Connection, string ReplyTo), ReplyEndpoint> _routes = new();

    public ReplyEndpoint Add(ListenerLink link, Attach attach, Lock sessionGate)
    {
        var endpoint = new ReplyEndpoint(link, sessionGate);
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
