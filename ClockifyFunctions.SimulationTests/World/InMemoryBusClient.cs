using System.Runtime.CompilerServices;
using Amqp;
using Amqp.Framing;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Tests.Support.InMemory;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>The Service Bus client with which one instance of the app sends to <see cref="InMemoryBus"/>.</summary>
internal sealed class InMemoryBusClient(InMemoryBus bus, TimeProvider clock, KillSwitch killSwitch) : ServiceBusClient
{
    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(bus, bus.Queue(queueOrTopicName), clock, killSwitch);

    private sealed class Sender(InMemoryBus bus, EmulatedQueue queue, TimeProvider clock, KillSwitch killSwitch) : ServiceBusSender
    {
        private const int Envelope = 256;

        private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(3);

        private readonly ConditionalWeakTable<ServiceBusMessageBatch, List<ServiceBusMessage>> _batches = [];

        public override string EntityPath => queue.Name;

        public override async ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            await killSwitch.WhileRunningAsync();
            var (messages, size) = (new List<ServiceBusMessage>(), 0);
            var batch = ServiceBusModelFactory.ServiceBusMessageBatch(queue.MaxMessageSize, messages, new CreateMessageBatchOptions(), message => (size += Envelope + message.Body.ToMemory().Length) <= queue.MaxMessageSize);
            _batches.Add(batch, messages);
            return batch;
        }

        public override Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default) =>
            _batches.TryGetValue(messageBatch, out var messages) ? SendAsync(messages, cancellationToken) : throw new ArgumentException("The batch belongs to another sender.", nameof(messageBatch));

        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default) =>
            message.Body.ToMemory().Length > queue.MaxMessageSize
                ? throw new ServiceBusException($"The message is larger than {queue.MaxMessageSize} bytes.", ServiceBusFailureReason.MessageSizeExceeded, queue.Name)
                : SendAsync([message], cancellationToken);

        public override Task CloseAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        private async Task SendAsync(IReadOnlyList<ServiceBusMessage> messages, CancellationToken cancel)
        {
            await killSwitch.WhileRunningAsync();
            Message[] sent = [.. messages.Select(ToAmqp)];
            // Do not pass the cancellation token, because a sent message reaches the broker even if the sender cancels.
            await killSwitch.AnswerAsync(DeliverAsync(sent), cancel);
        }

        private async Task<bool> DeliverAsync(Message[] messages)
        {
            await Task.Delay(Latency, clock);
            if (bus.IsUnavailable) throw new ServiceBusException("The broker is unavailable.", ServiceBusFailureReason.ServiceCommunicationProblem, queue.Name);
            queue.Send(messages);
            return true;
        }

        private static Message ToAmqp(ServiceBusMessage message)
        {
            var amqp = new Message
            {
                Properties = new Properties { MessageId = message.MessageId, ContentType = message.ContentType, GroupId = message.SessionId },
                ApplicationProperties = new ApplicationProperties(),
                BodySection = new Data { Binary = message.Body.ToArray() },
            };
            foreach (var (name, value) in message.ApplicationProperties) amqp.ApplicationProperties[name] = value;
            if (message.ScheduledEnqueueTime != default) amqp.MessageAnnotations = new MessageAnnotations { [Annotations.ScheduledEnqueueTime] = message.ScheduledEnqueueTime.UtcDateTime };
            return amqp;
        }
    }
}
