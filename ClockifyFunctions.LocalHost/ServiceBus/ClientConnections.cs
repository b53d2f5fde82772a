using System.Collections.Concurrent;
using System.Net.Sockets;
using Amqp;
using Amqp.Handler;
using EventId = Amqp.Handler.EventId;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>Hears the events of all client connections: remembers their sockets and tags their deliveries.</summary>
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
            // Service Bus puts the lock token in the delivery tag; the library's own tag is a counter.
            case EventId.SendDelivery when protocolEvent.Context is IDelivery { Message: OutgoingMessage message } delivery:
                delivery.Tag = message.LockToken.ToByteArray();
                break;
        }
    }

    /// <summary>Resets every connection without an AMQP close, as a failing network does.</summary>
    /// <returns>Ends when the emulator has closed the connections and their links, so that it sends nothing to them any more.</returns>
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
            // The connection was closing already.
        }
        return closed.Task;
    }
}
