using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>A link on which a client receives the messages of a queue, limited by the credit that the client grants.</summary>
internal sealed class QueueReceiveEndpoint : LinkEndpoint
{
    private readonly Lock _lock;
    private readonly EmulatedQueue _queue;
    private readonly ListenerLink _link;
    private readonly ReceiveMode _mode;
    private readonly LinkCredit _credit;
    private readonly SessionLock? _session;
    private int _deliverQueued;

    public QueueReceiveEndpoint(EmulatedQueue queue, ListenerLink link, ReceiveMode mode, Lock amqpLock, SessionLock? session = null)
    {
        _lock = amqpLock;
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
        lock (_lock)
        {
            _credit.OnFlow(flowContext);
            Deliver();
            if (_link.IsDraining && !_link.IsClosed)
                _credit.CompleteDrain();
        }
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        // When a link closes, AMQPNetLite releases its unsettled deliveries although the client did not ask for it. As in the service,
        // the locks stay until they expire.
        if (!IsOpen || _mode == ReceiveMode.ReceiveAndDelete)
            return;
        var message = (OutgoingMessage)dispositionContext.Message;
        lock (_lock)
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

    /// <returns>The outcome to send; null if the state is not an outcome yet.</returns>
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

    /// <summary>Runs on another thread for the same reason as <see cref="QueueDelivery"/>.</summary>
    private void OnSessionLost() => ThreadPool.UnsafeQueueUserWorkItem(
        static endpoint => endpoint._link.Close(TimeSpan.Zero, LockLost.SessionError(endpoint._session!.SessionId)), this, preferLocal: false);

    /// <summary>
    /// Delivers on another thread; calls during a pending delivery have no further effect. The caller holds the lock of the queue, and
    /// taking the lock of a link under it could deadlock with a link that is receiving.
    /// </summary>
    private void QueueDelivery()
    {
        if (Interlocked.Exchange(ref _deliverQueued, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(static endpoint => endpoint.DeliverQueued(), this, preferLocal: false);
    }

    private void DeliverQueued()
    {
        // Clear the flag before delivering, so that a message that arrives from now on queues another delivery.
        Volatile.Write(ref _deliverQueued, 0);
        lock (_lock)
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
                // The link closed between the check and the send. No client received the message.
                _credit.GiveBack();
                _queue.Release(message.LockToken);
                return;
            }
        }
    }
}
