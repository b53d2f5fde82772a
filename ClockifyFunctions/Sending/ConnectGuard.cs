using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Connects to a host unless one of its addresses is private. The guard checks the same addresses that the socket then connects to.
/// A separate earlier lookup would allow DNS rebinding: the host name could resolve to another address between check and connection.
/// </summary>
internal static class ConnectGuard
{
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        if (addresses.FirstOrDefault(PrivateAddresses.Contains) is { } refused)
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"'{host}' is at the private address {refused}; list the host in the credential's AllowedHosts if that is meant.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
