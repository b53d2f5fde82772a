using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.LocalHost.ServiceBus;

/// <summary>The AMQP behavior of the emulator, tested with a plain AMQP client.</summary>
public sealed class ServiceBusEmulatorTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly List<Connection> _connections = [];
    private ServiceBusEmulator _emulator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private EmulatedQueue Orders => _emulator.Queue("orders");

    public async ValueTask InitializeAsync() => _emulator = await ServiceBusEmulator.StartAsync(0, [new("orders")], _time);

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            connection.Close(TimeSpan.Zero);
        await _emulator.DisposeAsync();
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("/orders")]
    [InlineData("ORDERS")]
    [InlineData("amqp://127.0.0.1/orders")]
    public async Task AMessageSentToAnySpellingOfTheQueueIsStored(string address)
    {
        var sender = new SenderLink(await Connect(), "sender", address);

        await sender.SendAsync(new Message("a"), Patience);

        Assert.Equal("a", Orders.Peek()[0].Content.Body);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("nowhere/$management")]
    [InlineData("")]
    public async Task AnUnknownQueueIsRefusedWithTheNamesOfTheKnownQueues(string address)
    {
        var sender = new SenderLink(await Connect(), "sender", address);

        var refusal = await Assert.ThrowsAsync<AmqpException>(() => sender.SendAsync(new Message("a"), Patience));

        Assert.Equal(ErrorCode.NotFound, refusal.Error.Condition);
        Assert.Contains("Configured queues: orders.", refusal.Error.Description);
    }

    [Fact]
    public async Task ADeliveryHasTheAnnotationsOfTheService()
    {
        var receiver = Receiver(await Connect());
        receiver.SetCredit(1, autoRestore: false);
        Orders.Send(new Message("a") { ApplicationProperties = new() { ["k"] = 7 } });

        var message = await Receive(receiver);

        Assert.Equal("a", message.Body);
        Assert.Equal(7, message.ApplicationProperties["k"]);
        Assert.Equal(0u, message.Header.DeliveryCount);
        Assert.Equal(1L, message.MessageAnnotations[Annotations.SequenceNumber]);
        Assert.Equal(_time.GetUtcNow().UtcDateTime, message.MessageAnnotations[Annotations.EnqueuedTime]);
        Assert.Equal(_time.GetUtcNow().UtcDateTime.AddSeconds(60), message.MessageAnnotations[Annotations.LockedUntil]);
        Assert.Equal(Orders.Peek()[0].LockToken, new Guid(message.DeliveryTag));
    }

    [Fact]
    public async Task AnAcceptedMessageIsCompleted()
    {
        var receiver = Receiver(await Connect());
        Orders.Send(new Message("a"));

        receiver.Accept(await Receive(receiver));

        await Eventually.TrueAsync("the queue is empty", () => Orders.Counts == new QueueCounts(0, 0, 0, 0), Patience);
    }

    [Fact]
    public async Task AModifiedMessageIsAbandonedAndAReleasedDeliveryIsNotCounted()
    {
        var receiver = Receiver(await Connect());
        Orders.Send(new Message("a"));

        receiver.Modify(await Receive(receiver), deliveryFailed: true);
        var second = await Receive(receiver);
        receiver.Release(second);
        var third = await Receive(receiver);

        Assert.Equal(1u, second.Header.DeliveryCount);
        Assert.Equal(1u, third.Header.DeliveryCount);
    }

    [Fact]
    public async Task ARejectedMessageIsDeadLetteredWithItsReason()
    {
        var session = await Connect();
        var receiver = Receiver(session);
        Orders.Send(new Message("a"));

        receiver.Reject(await Receive(receiver), new Error("com.microsoft:dead-letter")
        {
            Info = new Fields
            {
                [new Symbol("DeadLetterReason")] = "Because",
                [new Symbol("DeadLetterErrorDescription")] = "It is bad.",
            },
        });

        var dead = await Receive(new ReceiverLink(session, "dead", "orders/$DeadLetterQueue"));
        Assert.Equal("Because", dead.ApplicationProperties["DeadLetterReason"]);
        Assert.Equal("It is bad.", dead.ApplicationProperties["DeadLetterErrorDescription"]);
    }

    [Fact]
    public async Task AReceiverOfSettledMessagesDeletesThem()
    {
        var source = new Attach { Source = new Source { Address = "orders" }, Target = new Target(), SndSettleMode = SenderSettleMode.Settled };
        var receiver = new ReceiverLink(await Connect(), "receiver", source, null);
        Orders.Send(new Message("a"));

        await Receive(receiver);

        Assert.Equal(new QueueCounts(0, 0, 0, 0), Orders.Counts);
    }

    [Fact]
    public async Task AReceiverGetsOnlyAsManyMessagesAsItsCredit()
    {
        var receiver = Receiver(await Connect());
        for (var i = 0; i < 10; i++)
            Orders.Send(new Message(i));

        receiver.SetCredit(3, autoRestore: false);
        for (var i = 0; i < 3; i++)
            receiver.Accept(await receiver.ReceiveAsync(Patience));
        await Eventually.TrueAsync("no message is locked", () => Orders.Counts.Locked == 0, Patience);

        Assert.Equal(7, Orders.Counts.Active);
        receiver.SetCredit(2, autoRestore: false);
        Assert.Equal(3, (await receiver.ReceiveAsync(Patience)).Body);
        Assert.Equal(4, (await receiver.ReceiveAsync(Patience)).Body);
        Assert.Equal(2, Orders.Counts.Locked);
    }

    [Fact]
    public async Task RepeatedCreditIsNeitherLostNorDoubled()
    {
        // The library resets its own count to zero if a flow repeats the limit, which happens if no credit is added; see LinkCredit.
        var receiver = Receiver(await Connect());
        receiver.SetCredit(2, autoRestore: false);
        receiver.SetCredit(0, autoRestore: false);
        for (var i = 0; i < 5; i++)
            Orders.Send(new Message(i));

        Assert.Equal(0, (await receiver.ReceiveAsync(Patience)).Body);
        Assert.Equal(1, (await receiver.ReceiveAsync(Patience)).Body);
        receiver.SetCredit(1, autoRestore: false);
        Assert.Equal(2, (await receiver.ReceiveAsync(Patience)).Body);
        Assert.Equal(new QueueCounts(Active: 2, Locked: 3, Scheduled: 0, DeadLettered: 0), Orders.Counts);
    }

    [Fact]
    public async Task ADrainedReceiverGetsAvailableMessagesAndNoLaterOnes()
    {
        var session = await Connect();
        var receiver = Receiver(session);
        Orders.Send([new Message(0), new Message(1)]);

        receiver.SetCredit(5, CreditMode.Drain);
        Assert.Equal(0, (await receiver.ReceiveAsync(Patience)).Body);
        Assert.Equal(1, (await receiver.ReceiveAsync(Patience)).Body);
        // A round trip on the same session: when it ends, the answer to the drain has arrived.
        var sender = new SenderLink(session, "sender", "orders");
        await sender.SendAsync(new Message(2), Patience);
        await sender.SendAsync(new Message(3), Patience);
        Assert.Equal(2, Orders.Counts.Active);
        receiver.SetCredit(1, CreditMode.Manual);

        Assert.Equal(2, (await receiver.ReceiveAsync(Patience)).Body);
        Assert.Equal(new QueueCounts(Active: 1, Locked: 3, Scheduled: 0, DeadLettered: 0), Orders.Counts);
    }

    [Fact]
    public async Task AMessageAboveTheLimitIsRejected()
    {
        var sender = new SenderLink(await Connect(), "sender", "orders");

        var refusal = await Assert.ThrowsAsync<AmqpException>(
            () => sender.SendAsync(new Message(new byte[new QueueOptions("orders").MaxMessageSize]), Patience));
        await sender.SendAsync(new Message(new byte[new QueueOptions("orders").MaxMessageSize - 100]), Patience);

        Assert.Equal(ErrorCode.MessageSizeExceeded, refusal.Error.Condition);
        Assert.Equal(1, Orders.Counts.Active);
    }

    [Fact]
    public async Task TheMessagesOfAClosedLinkStayLockedUntilTheLockExpires()
    {
        var session = await Connect();
        var receiver = Receiver(session);
        Orders.Send(new Message("a"));
        await Receive(receiver);

        await receiver.CloseAsync();

        Assert.Equal(1, Orders.Counts.Locked);
        _time.Advance(TimeSpan.FromSeconds(60));
        var again = await Receive(new ReceiverLink(session, "again", "orders"));
        Assert.Equal(1u, again.Header.DeliveryCount);
    }

    [Fact]
    public async Task LocksSurviveDroppedConnectionsAndClientsCanReconnect()
    {
        var session = await Connect();
        var dropped = new TaskCompletionSource();
        session.Connection.Closed += (_, _) => dropped.TrySetResult();
        var receiver = Receiver(session);
        Orders.Send(new Message("a"));
        await Receive(receiver);

        await _emulator.DropConnectionsAsync();

        await dropped.Task.WaitAsync(Patience, Cancellation);
        Assert.Equal(1, Orders.Counts.Locked);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(1u, (await Receive(Receiver(await Connect()))).Header.DeliveryCount);
    }

    [Fact]
    public async Task AfterARestartOfTheListenerTheEmulatorHasTheSamePortAndMessages()
    {
        var session = await Connect();
        var closed = new TaskCompletionSource();
        session.Connection.Closed += (_, _) => closed.TrySetResult();
        Orders.Send(new Message("a"));

        _emulator.StopListening();
        await closed.Task.WaitAsync(Patience, Cancellation);
        await Assert.ThrowsAnyAsync<Exception>(Connect);
        _emulator.StartListening();

        Assert.Equal("a", (await Receive(Receiver(await Connect()))).Body);
    }

    [Fact]
    public async Task AUsedPortIsAnError() =>
        await Assert.ThrowsAsync<SocketException>(() => ServiceBusEmulator.StartAsync(_emulator.Port, [], _time));

    [Fact]
    public async Task ATokenIsAcceptedAtTheReplyTargetOfTheRequest()
    {
        var session = await Connect(SaslProfile.External);
        var attach = new Attach { Source = new Source { Address = "$cbs" }, Target = new Target { Address = "my-replies" } };
        var replies = new ReceiverLink(session, "some-name", attach, null);
        replies.SetCredit(1);
        var requests = new SenderLink(session, "requests", "$cbs");

        await requests.SendAsync(new Message("token")
        {
            Properties = new() { MessageId = "1", ReplyTo = "my-replies" },
            ApplicationProperties = new() { ["operation"] = "put-token" },
        }, Patience);

        var reply = await replies.ReceiveAsync(Patience);
        Assert.Equal("1", reply.Properties.CorrelationId);
        Assert.Equal(202, reply.ApplicationProperties["status-code"]);
    }

    [Fact]
    public async Task TwoReceiversGetEachOfManyMessagesOnce()
    {
        const int count = 5_000;
        var session = await Connect();
        var sender = new SenderLink(session, "sender", "orders");
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        for (var i = 0; i < 2; i++)
        {
            new ReceiverLink(await Connect(), "receiver", "orders").Start(200, (link, message) =>
            {
                seen.AddOrUpdate((int)message.Body, 1, (_, times) => times + 1);
                link.Accept(message);
            });
        }

        await Task.WhenAll(Enumerable.Range(0, count).Select(i => sender.SendAsync(new Message(i), Patience)));

        await Eventually.TrueAsync("the queue is empty", () => Orders.Counts == new QueueCounts(0, 0, 0, 0), Patience);
        Assert.Equal(count, seen.Count);
        Assert.All(seen.Values, times => Assert.Equal(1, times));
    }

    private static ReceiverLink Receiver(Session session) => new(session, "receiver", "orders");

    private static async Task<Message> Receive(ReceiverLink receiver) =>
        await receiver.ReceiveAsync(Patience) ?? throw new TimeoutException("No message arrived.");

    private Task<Session> Connect() => Connect(SaslProfile.Anonymous);

    private async Task<Session> Connect(SaslProfile sasl)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = sasl;
        var connection = await factory.CreateAsync(new Address($"amqp://127.0.0.1:{_emulator.Port}"));
        _connections.Add(connection);
        return new Session(connection);
    }
}
