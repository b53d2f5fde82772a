using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.Messaging;

/// <summary>A message to send. <paramref name="Id"/> stays the same when a send is repeated, so that receivers can recognise it.</summary>
internal sealed record OutgoingMessage(string Id, byte[] Body, string ContentType)
{
    /// <summary>What the Service Bus SDKs use as well: a message whose data sections are encoded messages.</summary>
    private const uint BatchFormat = 0x80013700;

    /// <summary>Ample for sections, ids, and what else there is beside body and properties.</summary>
    private const int Overhead = 256;

    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; } = [];

    /// <summary>When the broker may hand it out; null is at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Bytes it takes on the wire, at most.</summary>
    public int Size => Overhead + Body.Length + (4 * (Id.Length + ContentType.Length + Properties.Sum(property => property.Key.Length + property.Value.Length)));

    /// <summary>One transfer for one message or several.</summary>
    public static Message ToAmqp(IReadOnlyList<OutgoingMessage> messages)
    {
        if (messages is [var only]) return only.ToAmqp();
        var encoded = new DataList();
        foreach (var message in messages) encoded.Add(new Data { Buffer = message.ToAmqp().Encode() });
        // The first id stands for the batch, as with the SDKs.
        return new Message { Format = BatchFormat, Properties = new Properties { MessageId = messages[0].Id }, BodySection = encoded };
    }

    private Message ToAmqp()
    {
        var message = new Message
        {
            Properties = new Properties { MessageId = Id, ContentType = ContentType },
            BodySection = new Data { Binary = Body },
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
