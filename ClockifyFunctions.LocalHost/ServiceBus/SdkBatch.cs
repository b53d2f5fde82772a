using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The batch format of the Service Bus SDKs: one transfer whose data sections are encoded messages.</summary>
internal static class SdkBatch
{
    public const uint MessageFormat = 0x80013700;

    public static IReadOnlyList<Message> Unpack(Message message)
    {
        if (message.Format != MessageFormat)
            return [message];
        return message.BodySection switch
        {
            Data data => [Decode(data.Binary)],
            DataList list => [.. Enumerable.Range(0, list.Count).Select(i => Decode(list[i].Binary))],
            _ => throw new AmqpException(ErrorCode.DecodeError, "A batch must contain its messages in data sections."),
        };
    }

    public static Message Decode(byte[] encoded) =>
        IncomingMessage.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length));
}
