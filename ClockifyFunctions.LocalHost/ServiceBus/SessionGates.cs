using System.Runtime.CompilerServices;
using Amqp;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// One lock per AMQP session, under which its links send and settle. AMQPNetLite writes deliveries as a linked list and,
/// when one is settled by the client while another thread is still writing it, unlinks it and with it the rest of the
/// list (<c>Session.DisposeDelivery</c> does not look at <c>InProgress</c>): those messages are never written.
/// </summary>
internal sealed class SessionGates
{
    private readonly ConditionalWeakTable<Session, Lock> _gates = new();

    public Lock For(Session session) => _gates.GetOrCreateValue(session);
}
