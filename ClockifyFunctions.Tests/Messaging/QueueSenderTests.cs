using System.Collections.Concurrent;
using Amqp.Framing;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClockifyFunctions.Tests.Messaging;

public sealed class QueueSenderTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("reset")]
    [InlineData("detached")]
    [InlineData("closed")]
    public async Task EveryMessageIsAcceptedDespiteBrokenConnections(string how)
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], TimeProvider.System);
        await using var client = Client(bus);
        await using var sender = SenderTo(client);
        var accepted = new ConcurrentBag<string>();
        var (next, count) = (0, 0);

        // Four callers send. The connection breaks after every fifty accepted messages.
        async Task SendAsync()
        {
            while (Interlocked.Increment(ref next) is var number && number <= 400)
            {
                await sender.SendAsync(Message($"m{number}"), Cancel);
                accepted.Add($"m{number}");
                if (Interlocked.Increment(ref count) % 50 == 0) Interrupt(bus, how);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync, Cancel))).WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        var ids = Enumerable.Range(1, 400).Select(i => $"m{i}").Order().ToList();
        Assert.Equal(ids, accepted.Order());
        Assert.Equal(ids, IdsIn(bus).Distinct().Order());
    }

    [Fact]
    public async Task ALinkThatWasClosedWhileIdleIsOpenedAgain()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], TimeProvider.System);
        await using var client = Client(bus);
        await using var sender = SenderTo(client);

        foreach (var how in new[] { "detached", "closed", "reset" })
        {
            await sender.SendAsync(Message("before " + how), Cancel);
            Interrupt(bus, how);
            await sender.SendAsync(Message("after " + how), Cancel);
        }

        Assert.Equal(6, IdsIn(bus).Distinct().Count());
    }

    [Fact]
    public async Task ATooLargeMessageIsRefusedAndTheOthersOfItsGroupAreSent()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders") { MaxMessageSize = 4096 }], TimeProvider.System);
        await using var client = Client(bus);
        await using var sender = SenderTo(client);
        var large = new ServiceBusMessage(new byte[5000]) { MessageId = "large" };

        var sends = new[] { Message("m1"), Message("m2"), large, Message("m3") }.Select(message => sender.SendAsync(message, Cancel)).ToArray();

        var refusal = await Assert.ThrowsAsync<ServiceBusException>(() => sends[2]);
        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, refusal.Reason);
        await Task.WhenAll(sends[0], sends[1], sends[3]);
        Assert.Equal(["m1", "m2", "m3"], IdsIn(bus));
        Assert.Equal(4096, await sender.ExceededLimitAsync(large, Cancel));
        Assert.Null(await sender.ExceededLimitAsync(Message("small"), Cancel));
    }

    [Fact]
    public async Task MessagesArriveInOrderAndUnchanged()
    {
        await using var bus = await ServiceBusEmulator.StartAsync(0, [new("orders")], TimeProvider.System);
        await using var client = Client(bus);
        await using var sender = SenderTo(client);
        ServiceBusMessage[] messages = [.. Enumerable.Range(0, 250).Select(number => Message($"m{number}")), Message("later")];
        messages[^1].ScheduledEnqueueTime = DateTimeOffset.UtcNow.AddHours(1);

        await Task.WhenAll(messages.Select(message => sender.SendAsync(message, Cancel)));

        var queue = bus.Queue("orders");
        Assert.Equal(messages.Select(message => message.MessageId), IdsIn(bus));
        Assert.All(queue.Peek(), message => Assert.Equal("body of " + message.Content.Properties.MessageId, System.Text.Encoding.UTF8.GetString(((Data)message.Content.BodySection).Binary)));
        Assert.All(queue.Peek(), message => Assert.Equal("entries", message.Content.ApplicationProperties["destination"]));
        Assert.Equal((250, 1), (queue.Counts.Active, queue.Counts.Scheduled));
    }

    [Fact]
    public async Task MessagesThatArriveDuringASendAreSentTogetherAsTheNextBatch()
    {
        var broker = new ScriptedSender { Hold = new TaskCompletionSource() };
        await using var sender = new QueueSender(broker, new FakeTimeProvider(), NullLogger.Instance);
        var first = sender.SendAsync(Message("m1"), Cancel);
        await broker.Begun.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Task[] others = [.. Enumerable.Range(2, 5).Select(number => sender.SendAsync(Message($"m{number}"), Cancel))];
        Assert.False(first.IsCompleted);

        broker.Hold.SetResult();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(["m1", "m2,m3,m4,m5,m6"], broker.Batches);
    }

    [Fact]
    public async Task ACanceledSendEndsAndTheOthersContinue()
    {
        var broker = new ScriptedSender { Hold = new TaskCompletionSource() };
        await using var sender = new QueueSender(broker, new FakeTimeProvider(), NullLogger.Instance);
        var first = sender.SendAsync(Message("m1"), Cancel);
        await broker.Begun.WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        using var patience = new CancellationTokenSource();
        var (impatient, patient) = (sender.SendAsync(Message("m2"), patience.Token), sender.SendAsync(Message("m3"), Cancel));

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        broker.Hold.SetResult();
        await Task.WhenAll(first, patient);

        Assert.Equal(["m1", "m3"], broker.Batches);
    }

    /// <summary>Temporary failures: the identity provider, a role that is not effective yet, the broker.</summary>
    public static TheoryData<Exception> Passing => [new AuthenticationFailedException("not now"), new UnauthorizedAccessException("no claim"), new ServiceBusException("busy", ServiceBusFailureReason.ServiceBusy), new TimeoutException()];

    [Theory]
    [MemberData(nameof(Passing), DisableDiscoveryEnumeration = true)]
    public async Task ATemporaryFailureIsRepeatedWithGrowingPauses(Exception failure)
    {
        var time = new FakeTimeProvider();
        var broker = new ScriptedSender { Failures = new(Enumerable.Repeat(failure, 3)) };
        await using var sender = new QueueSender(broker, time, NullLogger.Instance);
        var send = sender.SendAsync(Message("m"), Cancel);
        await Eventually.DoneAsync("the message is accepted", send, time);
        Assert.Equal(4, broker.Attempts);
    }

    [Fact]
    public async Task APermanentFailureIsReportedToTheCaller()
    {
        var broker = new ScriptedSender { Failures = new([new NotSupportedException("a property of this type")]) };
        await using var sender = new QueueSender(broker, new FakeTimeProvider(), NullLogger.Instance);
        await Assert.ThrowsAsync<NotSupportedException>(() => sender.SendAsync(Message("m1"), Cancel));
        await sender.SendAsync(Message("m2"), Cancel);
        Assert.Equal(["m2"], broker.Batches);
    }

    [Fact]
    public async Task SendsToAnUnavailableBrokerEndWhenTheSenderIsClosed()
    {
        var broker = new ScriptedSender { Failures = new(Enumerable.Repeat(new TimeoutException(), 1000)) };
        var sender = new QueueSender(broker, new FakeTimeProvider(), NullLogger.Instance);
        var send = sender.SendAsync(Message("m"), Cancel);
        await sender.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sender.SendAsync(Message("late"), Cancel));
    }

    private static IEnumerable<string> IdsIn(ServiceBusEmulator bus) => bus.Queue("orders").Peek().Select(message => message.Content.Properties.MessageId);

    private static void Interrupt(ServiceBusEmulator bus, string how)
    {
        lock (bus)
        {
            switch (how)
            {
                case "reset":
                    _ = bus.DropConnectionsAsync();
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

    private static ServiceBusMessage Message(string id) => new("body of " + id) { MessageId = id, ContentType = "application/json", ApplicationProperties = { ["destination"] = "entries" } };

    private static ServiceBusClient Client(ServiceBusEmulator bus) =>
        ServiceBusConnection.Open(new AppSettings { ServiceBusConnection = bus.ConnectionString, Credentials = new Dictionary<string, Credential>() });

    private static QueueSender SenderTo(ServiceBusClient client) => new(client.CreateSender("orders"), TimeProvider.System, NullLogger.Instance);

    /// <summary>Replaces the broker: it records each batch as the ids of its messages, and fails or waits on request.</summary>
    private sealed class ScriptedSender : ServiceBusSender
    {
        private readonly TaskCompletionSource _begun = new();
        private readonly Dictionary<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = [];

        public Queue<Exception> Failures { get; init; } = [];

        /// <summary>The first batch is accepted when this completes; null accepts it immediately.</summary>
        public TaskCompletionSource? Hold { get; init; }

        public Task Begun => _begun.Task;

        public List<string> Batches { get; } = [];

        public int Attempts { get; private set; }

        public override string EntityPath => "orders";

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            Attempts++;
            if (Failures.TryDequeue(out var failure)) throw failure;
            var messages = new List<ServiceBusMessage>();
            var batch = ServiceBusModelFactory.ServiceBusMessageBatch(1000, messages, new CreateMessageBatchOptions(), _ => true);
            _batches.Add(batch, messages);
            return ValueTask.FromResult(batch);
        }

        public override async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            _begun.TrySetResult();
            if (Hold is { } hold) await hold.Task.WaitAsync(cancellationToken);
            Batches.Add(string.Join(',', _batches[messageBatch].Select(message => message.MessageId)));
        }

        public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;
    }
}
