using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A link on which a client sends requests; <paramref name="answer"/> creates the content of the reply.</summary>
internal sealed class RequestEndpoint(ReplyRoutes replies, Func<Message, Message> answer) : LinkEndpoint
{
    public const int Credit = 100;

    public override void OnMessage(MessageContext messageContext)
    {
        var request = messageContext.Message;
        var replyTo = request.Properties?.ReplyTo;
        if (replies.Find(messageContext.Link.Session.Connection, replyTo) is not { } endpoint)
        {
            messageContext.Complete(new Error(ErrorCode.NotFound) { Description = $"No link receives replies at '{replyTo}'." });
            return;
        }
        var reply = Answer(request);
        reply.Properties ??= new Properties();
        reply.Properties.SetCorrelationId(request.Properties!.GetMessageId());
        messageContext.Complete();
        endpoint.Send(reply);
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }

    private Message Answer(Message request)
    {
        try
        {
            return answer(request);
        }
        catch (Exception malformed) when (malformed is InvalidCastException or NullReferenceException or AmqpException)
        {
            return ManagementReply.Failed(400, ErrorCode.InvalidField, $"The request is malformed: {malformed.Message}");
        }
    }
}
