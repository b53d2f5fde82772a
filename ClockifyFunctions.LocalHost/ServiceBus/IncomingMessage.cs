using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A received message with its encoded size, which AMQPNetLite does not keep.</summary>
internal sealed class IncomingMessage : Message
{
    public int EncodedSize { get; private init; }

    public static new IncomingMessage Decode(ByteBuffer buffer)
    {
        var size = buffer.Length;
        var message = Message.Decode(buffer);
        return new IncomingMessage
        {
            EncodedSize = size,
            Header = message.Header,
            DeliveryAnnotations = message.DeliveryAnnotations,
            MessageAnnotations = message.MessageAnnotations,
            Properties = message.Properties,
            ApplicationProperties = message.ApplicationProperties,
            BodySection = Detach(message.BodySection),
            Footer = message.Footer,
        };
    }

    /// <summary>Copies the body. Decoded data is a view of the buffer of the frame, which AMQPNetLite releases when the transfer is settled.</summary>
    private static RestrictedDescribed Detach(RestrictedDescribed body)
    {
        switch (body)
        {
            case Data data:
                return new Data { Binary = data.Binary };
            case DataList list:
                var copy = new DataList();
                for (var i = 0; i < list.Count; i++)
                    copy.Add(new Data { Binary = list[i].Binary });
                return copy;
            default:
                return body;
        }
    }
}
