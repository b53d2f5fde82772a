using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A link on which a client receives messages of a queue, as many as it has given credit for.</summary>
internal sealed class QueueReceiveEndpoint : LinkEndpoint
{
    private readonly Lock _gate;
    private readonly EmulatedQueue _queue;
    private readonly ListenerLink _link;
    private readonly ReceiveMode _mode;
    private readonly LinkCredit _credit;
    private readonly SessionLock? _session;
    private int _deliverQueued;

    public QueueReceiveEndpoint(EmulatedQueue queue, ListenerLink link, ReceiveMode mode, Lock sessionGate, SessionLock? session = null)
    {
        _gate = sessionGate;
        _queue = queue;
        _link = link;
        _mode = mode;
        _credit = new LinkCredit(link);
        _session = session;
        _queue.Arrived += QueueDelivery;
        if (session is not null)
            session.Lost += OnSessionLost;
    }

    public override void OnFlow(FlowContext flowContext)
    {
        lock (_gate)
        {
            _credit.OnFlow(flowContext);
            Deliver();
            if (_link.IsDraining && !_link.IsClosed)
                _credit.CompleteDrain();
        }
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // When a link goes, AMQPNetLite releases its unsettled deliveries. No client said so: the locks stay until they
        // expire, as in the service.
        if (!IsOpen || _mode == ReceiveMode.ReceiveAndDelete)
            return;
        var message = (OutgoingMessage)dispositionContext.Message;
        lock (_gate)
        {
            var outcome = Settle(message.LockToken, dispositionContext.DeliveryState);
            if (outcome is not null && !dispositionContext.Settled)
                _link.DisposeMessage(message, outcome, settled: true);
        }
    }

    public override void OnLinkClosed(ListenerLink link, Error error)
    {
        _queue.Arrived -= QueueDelivery;
        if (_session is not null)
            _queue.ReleaseSession(_session);
    }

    private bool IsOpen =>
        !_link.IsClosed
        && _link.Session.SessionState == SessionState.Opened
        && _link.Session.Connection.ConnectionState == ConnectionState.Opened;

    /// <returns>What to answer; null for a state that is not yet an outcome.</returns>
    private Outcome? Settle(Guid lockToken, DeliveryState state)
    {
        bool held;
        switch (state)
        {
            case Accepted:
                held = _queue.Complete(lockToken);
                break;
            case Released:
                held = _queue.Release(lockToken);
                break;
            case Modified { UndeliverableHere: true }:
                held = _queue.Defer(lockToken);
                break;
            case Modified:
                held = _queue.Abandon(lockToken);
                break;
            case Rejected when _queue.DeadLetters is null:
                return new Rejected { Error = new(ErrorCode.NotAllowed) { Description = $"{_queue.Name} has no dead-letter queue." } };
            case Rejected rejected:
                held = _queue.DeadLetter(lockToken,
                    DeadLetterInfo.Read(rejected.Error, DeadLetterInfo.Reason),
                    DeadLetterInfo.Read(rejected.Error, DeadLetterInfo.Description));
                break;
            default:
                return null;
        }
        return held ? new Accepted() : new Rejected { Error = LockLost.Error() };
    }

    /// <summary>On another thread for the reason below.</summary>
    private void OnSessionLost() => ThreadPool.UnsafeQueueUserWorkItem(
        static endpoint => endpoint._link.Close(TimeSpan.Zero, LockLost.SessionError(endpoint._session!.SessionId)), this, preferLocal: false);

    /// <summary>
    /// Delivers on another thread, once however often it is asked: the queue's lock is held here, and taking a link's
    /// lock under it could deadlock with a link that is receiving.
    /// </summary>
    private void QueueDelivery()
    {
        if (Interlocked.Exchange(ref _deliverQueued, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static endpoint => endpoint.DeliverQueued(), this, preferLocal: false);
    }

    private void DeliverQueued()
    {
        // Cleared first: an arrival from here on queues another turn.
        Volatile.Write(ref _deliverQueued, 0);
        lock (_gate)
            Deliver();
    }

    private void Deliver()
    {
        while (_credit.Available > 0 && !_link.IsClosed && _queue.TryReceive(_mode, _session) is { } message)
        {
            _credit.Use();
            try
            {
                _link.SendMessage(OutgoingMessage.For(message));
            }
            catch (AmqpException)
            {
                // The link went between the check and the send; nobody has seen the message.
                _credit.GiveBack();
                _queue.Release(message.LockToken);
                return;
            }
        }
    }
}
