using Amqp;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The link on which a client receives the responses to its requests.</summary>
internal sealed class ReplyEndpoint(ListenerLink link, Lock amqpLock) : LinkEndpoint
{
    private readonly Queue<Message> _waiting = new();
    private readonly LinkCredit _credit = new(link);

    public void Send(Message reply)
    {
        lock (amqpLock)
        {
            _waiting.Enqueue(reply);
            SendWaiting();
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
        lock (amqpLock)
        {
            _credit.OnFlow(flowContext);
            SendWaiting();
            if (link.IsDraining && !link.IsClosed)
                _credit.CompleteDrain();
        }
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        if (dispositionContext.Settled || link.IsClosed)
            return;
        lock (amqpLock)
            dispositionContext.Complete();
    }

    private void SendWaiting()
    {
        while (_credit.Available > 0 && !link.IsClosed && _waiting.TryDequeue(out var reply))
        {
            _credit.Use();
            link.SendMessage(reply);
        }
    }
}
