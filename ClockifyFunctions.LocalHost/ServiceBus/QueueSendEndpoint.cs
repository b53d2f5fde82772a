using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A link on which a client sends messages into a queue.</summary>
internal sealed class QueueSendEndpoint(EmulatedQueue queue) : LinkEndpoint
{
    /// <summary>The credit that the service grants to a sender.</summary>
    public const int Credit = 1000;

    public override void OnMessage(MessageContext messageContext)
    {
        var message = (IncomingMessage)messageContext.Message;
        if (message.EncodedSize > queue.MaxMessageSize)
        {
            messageContext.Complete(new Error(ErrorCode.MessageSizeExceeded)
            {
                Description = $"The message has {message.EncodedSize} bytes. {queue.Name} accepts at most {queue.MaxMessageSize} bytes.",
            });
            return;
        }
        try
        {
            queue.Send(SdkBatch.Unpack(message));
        }
        catch (AmqpException refused)
        {
            messageContext.Complete(refused.Error);
            return;
        }
        messageContext.Complete();
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }
}
