using System.Collections.Concurrent;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Azure.Core;
using Azure.Identity;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OutgoingMessage = ClockifyFunctions.Messaging.OutgoingMessage;

namespace ClockifyFunctions.Tests.Messaging;

/// <summary>The app's sender against brokers that go away. What counts: every send ends acknowledged, and every id is there.</summary>
public sealed class AmqpSenderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RabbitMqTakesWhatWeSendAndHasItAfterBeingKilledInTheMiddle()
    {
        Assert.SkipUnless(RabbitMq.IsInstalled, RabbitMq.WhenMissing);
        await using var broker = await RabbitMq.StartAsync(Cancel);
        await DeclareAsync(broker.Port);
        // RabbitMQ says that a queue is there before it has written so, and this one is to outlive a kill.
        await Eventually.TrueAsync("the queue is on disk", () => Task.FromResult(broker.HasWritten("orders")), TimeSpan.FromSeconds(30));
        await using var sender = SenderTo(broker.Port, RabbitMq.Queue, largestBatch: 1);
        await sender.SendAsync(Message("first"), Cancel);

        // Frozen, it takes no more; so these are sent and not acknowledged when it dies.
        await broker.FreezeAsync();
        var sends = Enumerable.Range(0, 20).Select(i => sender.SendAsync(Message($"middle-{i}"), Cancel)).ToList();
        Assert.DoesNotContain(sends, send => send.IsCompleted);
        await broker.KillAsync();
        await broker.StartProcessAsync(Cancel);
        await Task.WhenAll(sends).WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        await sender.SendAsync(Message("last"), Cancel);

        var received = await ReceiveAsync(broker.Port, RabbitMq.Queue, until: "last");
        string[] sent = ["first", .. Enumerable.Range(0, 20).Select(i => $"middle-{i}"), "last"];
        Assert.Equal(sent.Order(), received.Select(message => message.Properties.MessageId).Distinct().Order());
        Assert.All(received, message => Assert.Equal("body of " + message.Properties.MessageId, Encoding.UTF8.GetString(((Data)message.BodySection).Binary)));
        Assert.All(received, message => Assert.Equal("entries", message.ApplicationProperties["destination"]));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("detached")]
    [InlineData("closed")]
    public async Task EverySendIsAcknowledgedInTheEndHoweverOftenTheBrokerGoes(string how)
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], TimeProvider.System);
        await using var sender = SenderTo(bus.Port, "orders");
        var acknowledged = new ConcurrentBag<string>();
        var next = 0;

        // Four that send, and after every fifty acknowledgements the broker goes.
        async Task SendAsync()
        {
            while (Interlocked.Increment(ref next) is var number && number <= 400)
            {
                await sender.SendAsync(Message($"m{number}"), Cancel);
                acknowledged.Add($"m{number}");
                if (acknowledged.Count % 50 == 0)
                    Interrupt(bus, how);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync, Cancel))).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        var ids = Enumerable.Range(1, 400).Select(i => $"m{i}").Order().ToList();
        Assert.Equal(ids, acknowledged.Order());
        Assert.Equal(ids, bus.Queue("orders").Peek().Select(message => message.Content.Properties.MessageId).Distinct().Order());
    }

    [Fact]
    public async Task ALinkThatWasClosedWhileNobodySentIsOpenedAgain()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], TimeProvider.System);
        await using var sender = SenderTo(bus.Port, "orders");

        foreach (var how in new[] { "detached", "closed", "reset" })
        {
            await sender.SendAsync(Message("before " + how), Cancel);
            Interrupt(bus, how);
            if (how == "reset") Interrupt(bus, how);
            await sender.SendAsync(Message("after " + how), Cancel);
        }

        Assert.Equal(6, bus.Queue("orders").Peek().Select(message => message.Content.Properties.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task AMessageThatIsTooLargeIsRefusedAndTheNextOneGoes()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders") { MaxMessageSize = 1024 }], TimeProvider.System);
        await using var sender = SenderTo(bus.Port, "orders");

        var refusal = await Assert.ThrowsAsync<AmqpException>(
            () => sender.SendAsync(new OutgoingMessage("large", new byte[2000], "application/json"), Cancel));
        await sender.SendAsync(Message("small"), Cancel);

        Assert.Equal(ErrorCode.MessageSizeExceeded, refusal.Error.Condition);
        Assert.Equal("small", Assert.Single(bus.Queue("orders").Peek()).Content.Properties.MessageId);
    }

    [Fact]
    public async Task WhatComesWhileASendIsUnderWayGoesTogetherAndInOrder()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], TimeProvider.System);
        await using var sender = SenderTo(bus.Port, "orders", largestBatch: 7);
        var due = DateTimeOffset.UtcNow.AddHours(1);
        OutgoingMessage[] messages = [.. Enumerable.Range(0, 20).Select(number => Message($"m{number}")), Message("later") with { NotBefore = due }];

        await Task.WhenAll(messages.Select(message => sender.SendAsync(message, Cancel)));

        var queue = bus.Queue("orders");
        Assert.Equal(messages.Select(message => message.Id), queue.Peek().Select(message => message.Content.Properties.MessageId));
        Assert.All(queue.Peek(), message => Assert.Equal("body of " + message.Content.Properties.MessageId, Encoding.UTF8.GetString(((Data)message.Content.BodySection).Binary)));
        Assert.All(queue.Peek(), message => Assert.Equal("entries", message.Content.ApplicationProperties["destination"]));
        Assert.Equal((20, 1), (queue.Counts.Active, queue.Counts.Scheduled));
    }

    [Fact]
    public async Task OneThatIsTooLargeDoesNotTakeTheOthersOfItsBatchAlong()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders") { MaxMessageSize = 4096 }], TimeProvider.System);
        await using var sender = SenderTo(bus.Port, "orders");
        var sends = new[] { Message("m1"), Message("m2"), new OutgoingMessage("large", new byte[5000], "application/json"), Message("m3") }.Select(message => sender.SendAsync(message, Cancel)).ToArray();

        await Task.WhenAll(sends).ContinueWith(static _ => { }, Cancel, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal([true, true, false, true], sends.Select(send => send.IsCompletedSuccessfully));
        Assert.IsType<AmqpException>(sends[2].Exception!.InnerException);
        Assert.Equal(["m1", "m2", "m3"], bus.Queue("orders").Peek().Select(message => message.Content.Properties.MessageId));
    }

    [Fact]
    public async Task ASendToABrokerThatStaysAwayEndsWithItsCaller()
    {
        var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], TimeProvider.System);
        await using var sender = SenderTo(bus.Port, "orders");
        await bus.DisposeAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var send = sender.SendAsync(Message("m"), patience.Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.WaitAsync(TimeSpan.FromSeconds(20), Cancel));
    }

    [Fact]
    public async Task ASenderOutlivesItsTokens()
    {
        var time = new FakeTimeProvider(new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], time, new SharedAccessKey("Root", "c2VjcmV0"));
        await using var sender = new AmqpSender(new ServiceBusEndpoint(new Uri($"amqp://127.0.0.1:{bus.Port}"), "Root", "c2VjcmV0"), "orders", time, NullLogger.Instance);
        for (var token = 1; token <= 3; token++)
        {
            await sender.SendAsync(Message($"m{token}"), Cancel);
            await sender.SendAsync(Message($"n{token}"), Cancel);
            Assert.Equal(token, bus.TokensTaken);
            time.Advance(TimeSpan.FromMinutes(49)); // It is good for an hour, and renewed after four fifths of it.
        }

        Assert.Equal(6, bus.Queue("orders").Peek().Count);
    }

    [Fact]
    public async Task AnIdentityThatHasNoTokenAtTheMomentIsAskedAgain()
    {
        var time = new FakeTimeProvider();
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], time);
        var identity = new HesitantIdentity(failures: 3);
        await using var sender = new AmqpSender(new ServiceBusEndpoint(new Uri($"amqp://127.0.0.1:{bus.Port}"), identity), "orders", time, NullLogger.Instance);
        var send = sender.SendAsync(Message("m"), Cancel);
        await Eventually.TrueAsync("it is sent", () =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return Task.FromResult(send.IsCompletedSuccessfully);
        }, TimeSpan.FromSeconds(60));
        Assert.Equal(4, identity.Asked);
    }

    private sealed class HesitantIdentity(int failures) : TokenCredential
    {
        public int Asked { get; private set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ++Asked > failures ? new AccessToken("a token", DateTimeOffset.MaxValue) : throw new AuthenticationFailedException("not now");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }

    private static void Interrupt(ServiceBusEmulator bus, string how)
    {
        lock (bus)
        {
            switch (how)
            {
                case "reset":
                    bus.DropConnections();
                    break;
                case "detached":
                    bus.DetachLinks();
                    break;
                case "closed":
                    bus.StopListening();
                    bus.StartListening();
                    break;
            }
        }
    }

    private static OutgoingMessage Message(string id) =>
        new(id, Encoding.UTF8.GetBytes("body of " + id), "application/json") { Properties = [new("destination", "entries")] };

    private static AmqpSender SenderTo(int port, string queue, int largestBatch = 100)
    {
        var settings = new AppSettings
        {
            StorageConnection = "UseDevelopmentStorage=true",
            ServiceBusConnection = $"Endpoint=sb://127.0.0.1:{port};UseDevelopmentEmulator=true",
            Credentials = new Dictionary<string, Credential>(),
        };
        return new(ServiceBusEndpoint.From(settings), queue, TimeProvider.System, NullLogger.Instance, largestBatch);
    }

    /// <summary>RabbitMQ makes a queue durable for whoever attaches with a durable target at this kind of address.</summary>
    private static async Task DeclareAsync(int port)
    {
        var connection = await ConnectAsync(port);
        const uint configuration = 1;
        var declared = new TaskCompletionSource();
        var target = new Target { Address = RabbitMq.DeclaringAddress, Durable = configuration };
        _ = new SenderLink(new Session(connection), "declare", target, (_, _) => declared.SetResult());
        await declared.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        await connection.CloseAsync();
    }

    private static async Task<Connection> ConnectAsync(int port)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        return await factory.CreateAsync(new Address($"amqp://127.0.0.1:{port}"));
    }

    private static async Task<List<Message>> ReceiveAsync(int port, string queue, string until)
    {
        var connection = await ConnectAsync(port);
        var receiver = new ReceiverLink(new Session(connection), "receiver", queue);
        var messages = new List<Message>();
        while (messages.LastOrDefault()?.Properties.MessageId != until)
        {
            messages.Add(await receiver.ReceiveAsync(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"No '{until}' came."));
            receiver.Accept(messages[^1]);
        }

        await connection.CloseAsync();
        return messages;
    }
}
