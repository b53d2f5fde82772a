using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.LocalHost;

/// <summary>Finds ports for servers whose port must be known before they start.</summary>
internal static class LoopbackPort
{
    /// <summary>Below the range for outgoing connections, because such a connection could use the port before the server listens on it.</summary>
    private const int First = 20_000, Count = 10_000;

    private static int _latest = Random.Shared.Next(Count);

    /// <returns>A port that is free now and was not returned recently.</returns>
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
                // Try the next port.
            }
        }
    }
}
