using System.Globalization;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;

namespace ClockifyFunctions.Messaging;

/// <summary>A connection with one link on which to send to a queue; opened when it is needed. One caller at a time.</summary>
internal sealed class AmqpLink(ServiceBusEndpoint endpoint, string queue, TimeProvider time)
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(20), AcknowledgeWithin = TimeSpan.FromSeconds(20);

    /// <summary>For transfers: else each batch of events leaves a buffer so large that only a full collection frees it. Bytes.</summary>
    private static readonly BufferManager Buffers = new(minBufferSize: 256, maxBufferSize: 128 * 1024, maxMemorySize: 1 << 20);

    private volatile Opened? _opened;

    /// <summary>Returns when the broker has taken the message.</summary>
    /// <exception cref="AmqpException">The broker refuses it, or what it goes by.</exception>
    public async Task SendAsync(Message message, CancellationToken cancel)
    {
        if (_opened is not { } opened || !IsUsable(opened))
        {
            Drop();
            _opened = opened = await OpenAsync(cancel);
        }

        // AMQPNetLite has no cancellation: the wait is bounded by its own time-out, and cut short by ours.
        await opened.Sender.SendAsync(message, AcknowledgeWithin).WaitAsync(cancel);
        // Its buffer may be used again. What was not acknowledged may still be under way.
        message.Dispose();
    }

    /// <summary>What the broker said on opening the link.</summary>
    public async Task<long> LargestMessageAsync(CancellationToken cancel)
    {
        var opened = await OpenAsync(cancel);
        try
        {
            return await opened.LargestMessage.WaitAsync(AcknowledgeWithin, time, cancel);
        }
        finally
        {
            Close(opened.Connection);
        }
    }

    /// <summary>Hangs up; the next message connects anew.</summary>
    public void Drop()
    {
        var opened = _opened;
        _opened = null;
        if (opened is not null) Close(opened.Connection);
    }

    private static void Close(Connection connection)
    {
        try
        {
            if (!connection.IsClosed) connection.Close(TimeSpan.Zero);
        }
        catch (Exception broken) when (broken is AmqpException or ObjectDisposedException or InvalidOperationException or IOException or SocketException or TimeoutException)
        {
            // It has hung up by itself.
        }
    }

    private bool IsUsable(Opened link) => !link.Sender.IsClosed && !link.Connection.IsClosed && time.GetUtcNow() < link.RenewAt;

    private async Task<Opened> OpenAsync(CancellationToken cancel)
    {
        var factory = new ConnectionFactory { BufferManager = Buffers };
        factory.SASL.Profile = SaslProfile.Anonymous;
        factory.AMQP.MaxFrameSize = 64 * 1024;
        factory.AMQP.HostName = endpoint.Address.Host;
        // Service Bus closes what is silent for long; half of its limit keeps the connection.
        factory.AMQP.IdleTimeout = 60_000;
        var connecting = factory.CreateAsync(new Address(endpoint.Address.AbsoluteUri));
        try
        {
            await connecting.WaitAsync(ConnectWithin, cancel);
        }
        catch
        {
            // What opens later belongs to nobody.
            _ = connecting.ContinueWith(static late => late.Result.Close(TimeSpan.Zero), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }

        var connection = await connecting;
        try
        {
            var session = new Session(connection);
            var renewAt = endpoint.WantsTokens ? await PutTokenAsync(session, cancel) : DateTimeOffset.MaxValue;
            var largest = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            var target = new Target { Address = queue };
            var sender = new SenderLink(session, $"{queue}-{Guid.NewGuid():N}", target, (_, attach) => largest.TrySetResult(attach.MaxMessageSize is > 0 and < long.MaxValue ? (long)attach.MaxMessageSize : long.MaxValue));
            return new Opened(connection, sender, renewAt, largest.Task);
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
        using var reply = await replies.ReceiveAsync(AcknowledgeWithin).WaitAsync(cancel)
            ?? throw new TimeoutException("the broker did not answer to the token");
        replies.Accept(reply);
        var status = Convert.ToInt32(reply.ApplicationProperties["status-code"], CultureInfo.InvariantCulture);
        if (status is not (200 or 202))
            throw new AmqpException(new Symbol("amqp:unauthorized-access"), $"the broker refused the token: {status} {reply.ApplicationProperties["status-description"]}");
        await requests.CloseAsync();
        await replies.CloseAsync();
        return renewAt;
    }

    private sealed record Opened(Connection Connection, SenderLink Sender, DateTimeOffset RenewAt, Task<long> LargestMessage);
}
