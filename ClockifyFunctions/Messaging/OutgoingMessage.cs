using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.Messaging;

/// <summary>A message to send. <paramref name="Id"/> stays the same when a send is repeated, so that receivers can recognise it.</summary>
internal sealed record OutgoingMessage(string Id, ReadOnlyMemory<byte> Body, string ContentType)
{
    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; } = [];

    /// <summary>When the broker may hand it out; null is at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public Message ToAmqp()
    {
        var message = new Message
        {
            Properties = new Properties { MessageId = Id, ContentType = ContentType },
            BodySection = new Data { Binary = Body.ToArray() },
            Header = new Header { Durable = true },
        };
        if (Properties.Count > 0)
        {
            message.ApplicationProperties = new ApplicationProperties();
            foreach (var (name, value) in Properties) message.ApplicationProperties[name] = value;
        }

        if (NotBefore is { } at)
        {
            message.MessageAnnotations = new MessageAnnotations();
            message.MessageAnnotations[new Symbol("x-opt-scheduled-enqueue-time")] = at.UtcDateTime;
        }

        return message;
    }
}
