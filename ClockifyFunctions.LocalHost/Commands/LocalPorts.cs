using System.Net;
using System.Net.Sockets;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>The ports of 127.0.0.1 that <c>start</c> listens on. 0 selects a free port.</summary>
internal sealed record LocalPorts(int Api, int Clockify, int Bus)
{
    public const int DefaultApi = 7071, DefaultClockify = 7072, DefaultBus = 5672;

    /// <param name="first">The option <c>--port</c>; null if it is not given.</param>
    public static LocalPorts From(int? first) => first switch
    {
        null => new(DefaultApi, DefaultClockify, DefaultBus),
        0 => new(0, 0, 0),
        { } port => new(port, port + 1, port + 2),
    };

    /// <exception cref="InvalidOperationException">Another program listens on one or more of the ports. The message lists them.</exception>
    public void CheckFree()
    {
        var taken = new[] { (Api, "the HTTP API"), (Clockify, "the Clockify simulator"), (Bus, "the Service Bus emulator") }.Where(use => IsTaken(use.Item1)).Select(use => $"{use.Item1} ({use.Item2})").ToArray();
        if (taken.Length == 0) return;
        throw new InvalidOperationException(
            $"Another program uses port {string.Join(" and port ", taken)} of 127.0.0.1. Stop that program, or choose other ports: --port N uses N to N+2, for example --port 8071; --port 0 selects free ports.");
    }

    /// <exception cref="InvalidOperationException">Another program listens on the port.</exception>
    public static void CheckFree(int port)
    {
        if (IsTaken(port)) throw new InvalidOperationException($"Another program uses port {port} of 127.0.0.1. Stop that program, or choose another port with --port N; --port 0 selects a free port.");
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
