using System.Runtime.CompilerServices;
using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// One lock per AMQP session; the links of the session hold it while they send and settle. AMQPNetLite writes deliveries as a linked list.
/// If the client settles a delivery that another thread is still writing, <c>Session.DisposeDelivery</c>, which ignores <c>InProgress</c>,
/// removes the delivery and the rest of the list. Those messages would never be sent.
/// </summary>
internal sealed class AmqpSessionLocks
{
    private readonly ConditionalWeakTable<Session, Lock> _locks = new();

    public Lock For(Session session) => _locks.GetOrCreateValue(session);
}
