using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Creates the endpoint of each link that a client attaches, by address and direction, or refuses the link.</summary>
internal sealed class LinkRouter(IReadOnlyDictionary<string, EmulatedQueue> queues, TokenRequests tokens, TimeProvider time) : ILinkProcessor
{
    private readonly ReplyRoutes _replies = new();
    private readonly AmqpSessionLocks _locks = new();
    private readonly ConcurrentDictionary<ListenerLink, bool> _links = new();

    /// <summary>
    /// Detaches every link to a queue, as the service does when it moves the queue or when a link was idle for ten minutes. Links to <c>$cbs</c>
    /// stay attached: an SDK whose <c>$cbs</c> link is detached sends no more tokens on that connection.
    /// </summary>
    public void Detach()
    {
        foreach (var link in _links.Keys)
            link.Close(TimeSpan.Zero, new Error(ErrorCode.DetachForced) { Description = "The link was detached by the emulator." });
    }

    public void Process(AttachContext attachContext)
    {
        var attach = attachContext.Attach;
        // The role in the attach frame is that of the client: true if the client receives.
        var clientReceives = attach.Role;
        var written = clientReceives ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address;
        var address = EntityAddress.Parse(written);
        if (!address.IsTokens && !tokens.IsAuthorized(attachContext.Link.Session.Connection))
        {
            attachContext.Complete(new Error(ErrorCode.UnauthorizedAccess)
            {
                Description = $"Unauthorized access to '{address.Entity}': this connection has sent no valid token to $cbs.",
            });
            return;
        }
        if (!address.IsTokens && !queues.ContainsKey(address.Entity))
        {
            attachContext.Complete(new Error(ErrorCode.NotFound)
            {
                // The first sentence is that of the service, because some clients recognize it.
                Description = $"The messaging entity '{address.Entity}' could not be found (the client asked for '{written}'). "
                    + $"Configured queues: {string.Join(", ", ConfiguredNames())}.",
            });
            return;
        }
        if (!address.IsTokens)
        {
            _links[attachContext.Link] = true;
            attachContext.Link.Closed += (link, _) => _links.TryRemove((ListenerLink)link, out var _);
        }

        if (clientReceives)
            AttachReceiver(attachContext, address);
        else
            AttachSender(attachContext, address);
    }

    private IEnumerable<string> ConfiguredNames() =>
        queues.Values.Where(queue => queue.DeadLetters is not null).Select(queue => queue.Name).Order(StringComparer.Ordinal);

    private void AttachReceiver(AttachContext context, EntityAddress address)
    {
        var mutex = _locks.For(context.Link.Session);
        if (address.IsTokens || address.IsManagement)
        {
            context.Complete(_replies.Add(context.Link, context.Attach, mutex), initialCredit: 0);
            return;
        }
        var mode = context.Attach.SndSettleMode == SenderSettleMode.Settled ? ReceiveMode.ReceiveAndDelete : ReceiveMode.PeekLock;
        var queue = queues[address.Entity];
        var sessions = new SessionAttach(queue, context, mode, mutex, time);
        if (sessions.IsAskedFor != queue.RequiresSession)
        {
            context.Complete(new Error(ErrorCode.NotAllowed)
            {
                Description = queue.RequiresSession
                    ? $"{queue.Name} requires sessions: it is not possible to create a receiver without one. Accept a session."
                    : $"{queue.Name} does not require sessions: a sessionful receiver cannot be created. Receive without a session.",
            });
        }
        else if (queue.RequiresSession)
        {
            sessions.Accept();
        }
        else
        {
            context.Complete(new QueueReceiveEndpoint(queue, context.Link, mode, mutex), initialCredit: 0);
        }
    }

    private void AttachSender(AttachContext context, EntityAddress address)
    {
        if (address.IsTokens)
        {
            var connection = context.Link.Session.Connection;
            context.Complete(new RequestEndpoint(_replies, request => tokens.Answer(connection, request)), RequestEndpoint.Credit);
            return;
        }
        var queue = queues[address.Entity];
        context.Attach.MaxMessageSize = (ulong)queue.MaxMessageSize;
        if (address.IsManagement)
        {
            context.Complete(new RequestEndpoint(_replies, new ManagementRequests(queue).Answer), RequestEndpoint.Credit);
        }
        else if (queue.DeadLetters is null)
        {
            context.Complete(new Error(ErrorCode.NotAllowed)
            {
                Description = $"Clients cannot send to {queue.Name}. It contains dead-lettered messages only.",
            });
        }
        else
        {
            context.Complete(new QueueSendEndpoint(queue), QueueSendEndpoint.Credit);
        }
    }
}
