using System.Text;
using System.Text.Json;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Messaging;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>The three queues, with the rules of the Service Bus emulator and without AMQP.</summary>
internal sealed class InMemoryBus(TimeProvider clock)
{
    private readonly Dictionary<string, EmulatedQueue> _queues = LocalStack.QueueOptions.ToDictionary(options => options.Name, options => new EmulatedQueue(options, clock), StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _events = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>Whether the broker is unavailable. Instances then cannot send and retry until they give up. Received messages can still be settled.</summary>
    public bool IsUnavailable { get; set; }

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

    public EmulatedQueue Queue(string name) => _queues[name];

    /// <summary>Sends one message per body, as a producer does.</summary>
    public void Send(IEnumerable<string> bodies, string? destination) => Send(bodies, "destination", destination);

    /// <param name="property">The application property that names the destination.</param>
    public void Send(IEnumerable<string> bodies, string property, string? value)
    {
        foreach (var body in bodies)
        {
            var message = new Message { Properties = new Properties { MessageId = Guid.NewGuid().ToString() }, BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) } };
            if (value is not null) message.ApplicationProperties = new ApplicationProperties { [property] = value };
            Records.Send(message);
        }
    }

    public static byte[] Body(Message message) => ((Data)message.BodySection).Binary;
}
