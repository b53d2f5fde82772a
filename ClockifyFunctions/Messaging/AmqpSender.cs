using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using Azure.Identity;

namespace ClockifyFunctions.Messaging;

/// <summary>
/// Sends to one queue over AMQP 1.0 and returns when the broker has taken the message. Connects on first use and again
/// whenever connection, session or link has gone; an unacknowledged message is repeated with the same id.
/// </summary>
internal sealed class AmqpSender(ServiceBusEndpoint endpoint, string queue, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan AcknowledgeWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _connecting = new(1);
    private Link? _link;

    /// <exception cref="OperationCanceledException">Not acknowledged before <paramref name="cancel"/> fired: it may or may not have arrived.</exception>
    /// <exception cref="AmqpException">The broker refused this very message, for example because of its size: repeating is no use.</exception>
    public async Task SendAsync(OutgoingMessage message, CancellationToken cancel)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (true)
        {
            Link? link = null;
            try
            {
                link = await ConnectedAsync(cancel);
                // AMQPNetLite has no cancellation: the wait is bounded by its own time-out, and cut short by ours.
                await link.Sender.SendAsync(message.ToAmqp(), AcknowledgeWithin).WaitAsync(cancel);
                return;
            }
            catch (AmqpException refused) when (refused.Error?.Condition == ErrorCode.MessageSizeExceeded)
            {
                throw;
            }
            catch (Exception broken) when (broken is AmqpException or AuthenticationFailedException or TimeoutException or IOException or System.Net.Sockets.SocketException or ObjectDisposedException or InvalidOperationException)
            {
                log.LogWarning("Queue {Queue}: send not acknowledged ({Reason}); connecting again.", queue, broken.Message);
                Drop(link);
                await Task.Delay(pause, time, cancel);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Drop(_link);
        _connecting.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Link> ConnectedAsync(CancellationToken cancel)
    {
        if (_link is { } ready && IsUsable(ready)) return ready;
        await _connecting.WaitAsync(cancel);
        try
        {
            if (_link is { } other && IsUsable(other)) return other;
            Drop(_link);
            return _link = await ConnectAsync(cancel);
        }
        finally
        {
            _connecting.Release();
        }
    }

    private bool IsUsable(Link link) => !link.Sender.IsClosed && !link.Connection.IsClosed && time.GetUtcNow() < link.RenewAt;

    private async Task<Link> ConnectAsync(CancellationToken cancel)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        factory.AMQP.MaxFrameSize = 64 * 1024;
        factory.AMQP.HostName = endpoint.Address.Host;
        // Service Bus closes what is silent for long; half of its limit keeps the connection.
        factory.AMQP.IdleTimeout = 60_000;
        var connection = await factory.CreateAsync(new Address(endpoint.Address.AbsoluteUri)).WaitAsync(cancel);
        try
        {
            var session = new Session(connection);
            var renewAt = endpoint.WantsTokens ? await PutTokenAsync(session, cancel) : DateTimeOffset.MaxValue;
            return new Link(connection, new SenderLink(session, $"{queue}-{Guid.NewGuid():N}", queue), renewAt);
        }
        catch
        {
            connection.Close(TimeSpan.Zero);
            throw;
        }
    }

    /// <summary>Claims-based security: a token for the queue goes to <c>$cbs</c> before a link to it may open.</summary>
    private async Task<DateTimeOffset> PutTokenAsync(Session session, CancellationToken cancel)
    {
        var (type, token, renewAt) = await endpoint.TokenAsync(time.GetUtcNow(), cancel);
        var replyTo = $"cbs-{Guid.NewGuid():N}";
        var requests = new SenderLink(session, "cbs-requests", "$cbs");
        var replies = new ReceiverLink(session, replyTo, new Attach { Source = new Source { Address = "$cbs" }, Target = new Target { Address = replyTo } }, null);
        var request = new Message(token)
        {
            Properties = new Properties { MessageId = Guid.NewGuid().ToString(), ReplyTo = replyTo },
            ApplicationProperties = new ApplicationProperties
            {
                ["operation"] = "put-token",
                ["type"] = type,
                ["name"] = $"sb://{endpoint.Address.Host}/{queue}",
            },
        };
        await requests.SendAsync(request, AcknowledgeWithin).WaitAsync(cancel);
        var reply = await replies.ReceiveAsync(AcknowledgeWithin).WaitAsync(cancel)
            ?? throw new TimeoutException("the broker did not answer to the token");
        replies.Accept(reply);
        var status = Convert.ToInt32(reply.ApplicationProperties["status-code"], System.Globalization.CultureInfo.InvariantCulture);
        if (status is not (200 or 202))
            throw new AmqpException(new Symbol("amqp:unauthorized-access"), $"the broker refused the token: {status} {reply.ApplicationProperties["status-description"]}");
        await requests.CloseAsync();
        await replies.CloseAsync();
        return renewAt;
    }

    private static void Drop(Link? link)
    {
        if (link is { Connection.IsClosed: false }) link.Connection.Close(TimeSpan.Zero);
    }

    private sealed record Link(Connection Connection, SenderLink Sender, DateTimeOffset RenewAt);
}
