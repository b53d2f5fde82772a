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

    private static readonly Header Durable = new() { Durable = true };

    public IReadOnlyList<KeyValuePair<string, string>> Properties { get; init; } = [];

    /// <summary>When the broker may hand it out; null is at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Bytes it takes on the wire, at most.</summary>
    public int Size
    {
        get
        {
            var characters = Id.Length + ContentType.Length;
            foreach (var (name, value) in Properties) characters += name.Length + value.Length;
            return Overhead + Body.Length + (4 * characters);
        }
    }

    /// <summary>One transfer for one message or several.</summary>
    /// <param name="buffer">Holds what is in a batch until that is sent: another transfer may have it then.</param>
    public static Message ToAmqp(IReadOnlyList<OutgoingMessage> messages, ByteBuffer buffer)
    {
        if (messages is [var only]) return only.ToAmqp();
        buffer.Reset();
        int[] ends = [.. messages.Select(message => message.Encode(buffer))];
        var (encoded, start) = (new DataList(), 0);
        foreach (var end in ends)
        {
            encoded.Add(new Data { Buffer = new ByteBuffer(buffer.Buffer, start, end - start, end - start) });
            start = end;
        }

        // The first id stands for the batch, as with the SDKs.
        return new Message { Format = BatchFormat, Properties = new Properties { MessageId = messages[0].Id }, BodySection = encoded };
    }

    /// <summary>As the library does it, but not into a buffer that begins with 128 bytes and grows five times for a response event.</summary>
    /// <returns>Where it ends.</returns>
    private int Encode(ByteBuffer buffer)
    {
        var message = ToAmqp();
        foreach (var section in new[] { message.Header, message.MessageAnnotations, message.Properties, message.ApplicationProperties, message.BodySection })
            if (section is not null) Encoder.WriteObject(buffer, section);
        return buffer.WritePos;
    }

    private Message ToAmqp()
    {
        var message = new Message
        {
            Properties = new Properties { MessageId = Id, ContentType = ContentType },
            BodySection = new Data { Binary = Body },
            Header = Durable,
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
