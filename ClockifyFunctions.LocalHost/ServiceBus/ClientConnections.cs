using System.Collections.Concurrent;
using System.Net.Sockets;
using Amqp;
using Amqp.Handler;
using EventId = Amqp.Handler.EventId;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Handles the events of all client connections: keeps their sockets and sets the tags of their deliveries.</summary>
internal sealed class ClientConnections : IHandler
{
    private readonly ConcurrentDictionary<Connection, Socket> _sockets = new();

    public bool CanHandle(EventId id) => id is EventId.ConnectionAccept or EventId.SendDelivery;

    public void Handle(Event protocolEvent)
    {
        switch (protocolEvent.Id)
        {
            case EventId.ConnectionAccept:
                _sockets[protocolEvent.Connection] = (Socket)protocolEvent.Context;
                protocolEvent.Connection.Closed += (connection, _) => _sockets.TryRemove((Connection)connection, out var _);
                break;
            // Service Bus uses the lock token as delivery tag. The default tag of the library is a counter.
            case EventId.SendDelivery when protocolEvent.Context is IDelivery { Message: OutgoingMessage message } delivery:
                delivery.Tag = message.LockToken.ToByteArray();
                break;
        }
    }

    /// <summary>Resets every connection without an AMQP close, as a failing network does.</summary>
    /// <returns>Completes when the emulator has closed the connections and their links and sends nothing more to them.</returns>
    public Task DropAsync() => Task.WhenAll([.. _sockets.Select(pair => DropAsync(pair.Key, pair.Value))]);

    private static Task DropAsync(Connection connection, Socket socket)
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.AddClosedCallback((_, _) => closed.TrySetResult());
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        }
        catch (ObjectDisposedException)
        {
            // The connection is already closed.
        }
        return closed.Task;
    }
}
