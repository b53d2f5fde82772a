using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The emulator's end of a consumer's link: hands out messages as far as the consumer's credit goes.</summary>
internal sealed class SendingLink
{
    private readonly ListenerLink _link;
    private readonly EmulatedQueue _queue;
    private readonly bool _receiveAndDelete;
    private readonly Lock _pumping = new();
    private int _credit;

    public SendingLink(ListenerLink link, EmulatedQueue queue, bool receiveAndDelete)
    {
        (_link, _queue, _receiveAndDelete) = (link, queue, receiveAndDelete);
        link.InitializeSender(OnCredit, OnDisposition, null);
        queue.Available += Pump;
        link.Closed += (_, _) => queue.Available -= Pump;
    }

    private void OnCredit(int delta, Fields properties, object state)
    {
        lock (_pumping) _credit = Math.Max(0, _credit + delta);
        // Not on the connection's reading thread: it must stay free for dispositions.
        ThreadPool.QueueUserWorkItem(static link => link.Pump(), this, preferLocal: false);
    }

    private void Pump()
    {
        lock (_pumping)
        {
            while (_credit > 0 && !_link.IsClosed && _queue.TryReceive(_receiveAndDelete) is { } message)
            {
                try
                {
                    _credit--;
                    _link.SendMessage(new DeliveredMessage(message));
                }
                catch (AmqpException)
                {
                    if (message.LockToken is { } token) _queue.Release(token);
                    return;
                }
            }
        }
    }

    private void OnDisposition(Message message, DeliveryState state, bool settled, object userState)
    {
        if (message is not DeliveredMessage { LockToken: { } token }) return;
        var known = state switch
        {
            Accepted => _queue.Complete(token),
            Rejected rejected => _queue.DeadLetter(token, Info(rejected, "DeadLetterReason"), Info(rejected, "DeadLetterErrorDescription") ?? rejected.Error?.Description),
            Modified { DeliveryFailed: true } => _queue.Abandon(token),
            Modified => _queue.Abandon(token),
            _ => _queue.Release(token),
        };
        if (settled) return;
        _link.DisposeMessage(message, known ? new Accepted() : new Rejected { Error = new Error(new Symbol("com.microsoft:message-lock-lost")) { Description = "The lock has ended." } }, settled: true);
    }

    private static string? Info(Rejected rejected, string name) => rejected.Error?.Info?[new Symbol(name)] as string;
}
