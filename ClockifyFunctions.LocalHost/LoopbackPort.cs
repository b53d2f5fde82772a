using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.LocalHost;

/// <summary>Ports for child processes to listen on, which must be known before they are started.</summary>
internal static class LoopbackPort
{
    /// <summary>Below those that Linux and others take for outgoing connections: one of these could have the port before the child does, or while it starts anew.</summary>
    private const int First = 20_000, Count = 10_000;

    private static int _latest = Random.Shared.Next(Count);

    /// <summary>One that nobody listens on now, and that was not given lately.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref _latest) & int.MaxValue) % Count);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Then the one after it.
            }
        }
    }
}
