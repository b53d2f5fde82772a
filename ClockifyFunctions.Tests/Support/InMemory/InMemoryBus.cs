using System.Text;
using System.Text.Json;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Messaging;
using OutgoingMessage = ClockifyFunctions.Messaging.OutgoingMessage;

namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>The three queues, with the rules of the Service Bus emulator and without its wire.</summary>
internal sealed class InMemoryBus
{
    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(3), TriesAgainAfter = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly Dictionary<string, EmulatedQueue> _queues;
    private readonly Dictionary<string, JsonElement> _events = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    public InMemoryBus(TimeProvider clock)
    {
        _clock = clock;
        _queues = LocalStack.QueueOptions.ToDictionary(options => options.Name, options => new EmulatedQueue(options, clock), StringComparer.Ordinal);
    }

    /// <summary>While it is away the instances cannot send, and try again until they give up. Messages they have received can be settled.</summary>
    public bool IsAway { get; set; }

    public EmulatedQueue Records => _queues[Queues.RecordsName];

    public EmulatedQueue Drain => _queues[Queues.DrainName];

    /// <summary>The response events so far, each id once, in order of arrival.</summary>
    public IReadOnlyList<JsonElement> Events
    {
        get
        {
            lock (_lock)
            {
                while (_queues[Queues.ResponsesName].TryReceive(ReceiveMode.ReceiveAndDelete) is { } message)
                {
                    using var response = JsonDocument.Parse(Body(message.Content));
                    _events.TryAdd(response.RootElement.GetProperty("id").GetString()!, response.RootElement.Clone());
                }

                return [.. _events.Values];
            }
        }
    }

    /// <summary>One message per body, as a producer sends them.</summary>
    public void Send(IEnumerable<string> bodies, string? destination)
    {
        foreach (var body in bodies)
        {
            var message = new Message { Properties = new Properties { MessageId = Guid.NewGuid().ToString() }, BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) } };
            if (destination is not null) message.ApplicationProperties = new ApplicationProperties { ["destination"] = destination };
            Records.Send(message);
        }
    }

    public static byte[] Body(Message message) => ((Data)message.BodySection).Binary;

    /// <summary>What an instance of the app sends by.</summary>
    public IQueueSender SenderFor(string queue, Lifeline life, TimeProvider time) => new Sender(this, _queues[queue], life, time);

    private sealed class Sender(InMemoryBus bus, EmulatedQueue queue, Lifeline life, TimeProvider time) : IQueueSender
    {
        public async Task SendAsync(OutgoingMessage message, CancellationToken cancel)
        {
            await life.WhileAliveAsync();
            while (bus.IsAway) await Task.Delay(TriesAgainAfter, time, cancel);
            if (message.Size > queue.MaxMessageSize) throw new AmqpException(ErrorCode.MessageSizeExceeded, $"The message is larger than {queue.MaxMessageSize} bytes.");
            await life.AnswerAsync(DeliverAsync(ToAmqp(message)), cancel);
        }

        public Task<long> LargestMessageAsync(CancellationToken cancel) => Task.FromResult((long)queue.MaxMessageSize);

        private async Task<long> DeliverAsync(Message message)
        {
            await Task.Delay(Latency, bus._clock);
            return queue.Send(message);
        }

        private static Message ToAmqp(OutgoingMessage message)
        {
            var amqp = new Message
            {
                Properties = new Properties { MessageId = message.Id, ContentType = message.ContentType },
                ApplicationProperties = new ApplicationProperties(),
                BodySection = new Data { Binary = message.Body },
            };
            foreach (var (name, value) in message.Properties) amqp.ApplicationProperties[name] = value;
            if (message.NotBefore is { } at)
                amqp.MessageAnnotations = new MessageAnnotations { [Annotations.ScheduledEnqueueTime] = at.UtcDateTime };
            return amqp;
        }
    }
}
