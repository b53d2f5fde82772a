using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The emulator's end of a producer's link.</summary>
internal static class ReceivingLink
{
    private const uint Credit = 1000;

    public static void Attach(ListenerLink link, EmulatedQueue queue, uint maxMessageSize) =>
        link.InitializeReceiver(Credit, (from, message, _, _) => from.DisposeMessage(message, Take(queue, message, maxMessageSize), settled: true), null);

    private static DeliveryState Take(EmulatedQueue queue, Message message, uint maxMessageSize)
    {
        var size = message.Encode().Length;
        if (size > maxMessageSize)
            return new Rejected { Error = new Error(ErrorCode.MessageSizeExceeded) { Description = $"The message has {size} bytes; the limit is {maxMessageSize}." } };
        foreach (var single in Unbatch(message))
            queue.Enqueue(single, single.MessageAnnotations?[new Symbol("x-opt-scheduled-enqueue-time")] is DateTime at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null);
        return new Accepted();
    }

    /// <summary>
    /// The SDKs send a batch as one message whose body is several data sections, each a whole encoded message (format
    /// 0x80013700). AMQPNetLite shows no message format, so a batch is told by its shape.
    /// </summary>
    private static IEnumerable<Message> Unbatch(Message message)
    {
        if (message.BodySection is not DataList sections) return [message];
        return Enumerable.Range(0, sections.Count).Select(index => Message.Decode(new ByteBuffer(sections[index].Binary, 0, sections[index].Binary.Length, sections[index].Binary.Length)));
    }
}
