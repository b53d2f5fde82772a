using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Resolves and connects, but not to a private address. Looking at the address that is then connected to, and not at an earlier
/// look-up's, leaves nothing for a name that changes its mind in between.
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
