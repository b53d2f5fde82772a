using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>The ports of 127.0.0.1 that <c>start</c> listens on. 0 takes a free one.</summary>
internal sealed record LocalPorts(int Api, int Clockify, int Bus)
{
    public const int DefaultApi = 7071, DefaultClockify = 7072, DefaultBus = 5672;

    /// <param name="first">The option <c>--port</c>; null where it is not given.</param>
    public static LocalPorts From(int? first) => first switch
    {
        null => new(DefaultApi, DefaultClockify, DefaultBus),
        0 => new(0, 0, 0),
        { } port => new(port, port + 1, port + 2),
    };

    /// <exception cref="InvalidOperationException">Another program listens on one of them; the message names each with its remedy.</exception>
    public void CheckFree()
    {
        var taken = new[] { (Api, "the HTTP API"), (Clockify, "the Clockify simulator"), (Bus, "the Service Bus emulator") }.Where(use => IsTaken(use.Item1)).Select(use => $"{use.Item1} ({use.Item2})").ToArray();
        if (taken.Length == 0) return;
        throw new InvalidOperationException(
            $"Another program uses port {string.Join(" and port ", taken)} of 127.0.0.1. Stop it, or start with other ports: --port N takes N to N+2, for example --port 8071; --port 0 takes free ones.");
    }

    /// <exception cref="InvalidOperationException">Another program listens on the port.</exception>
    public static void CheckFree(int port)
    {
        if (IsTaken(port)) throw new InvalidOperationException($"Another program uses port {port} of 127.0.0.1. Stop it, or choose another port with --port N; --port 0 takes a free one.");
    }

    private static bool IsTaken(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return false;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }
}
