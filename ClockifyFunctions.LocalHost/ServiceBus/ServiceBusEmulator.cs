using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// A Service Bus namespace with queues inside this process. It speaks AMQP like the service, on 127.0.0.1. Messages
/// stay until this object is disposed, regardless of <see cref="StopListening"/> and <see cref="StartListening"/>.
/// </summary>
internal sealed class ServiceBusEmulator : IAsyncDisposable
{
    // The mechanisms that the SDKs offer, in order of preference. SDKs choose MSSBCBS if they authorize with $cbs tokens.
    private static readonly string[] SaslMechanisms = ["MSSBCBS", "PLAIN", "ANONYMOUS", "EXTERNAL"];

    private readonly Dictionary<string, EmulatedQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly ClientConnections _connections = new();
    private readonly TokenRequests _tokens;
    private readonly LinkRouter _router;
    private readonly X509Certificate2? _certificate;
    private EmulatorContainer? _container;

    private ServiceBusEmulator(int port, IEnumerable<QueueOptions> queues, TimeProvider time, SharedAccessKey? key, X509Certificate2? certificate)
    {
        _certificate = certificate;
        foreach (var options in queues)
        {
            var queue = new EmulatedQueue(options, time);
            _queues.Add(queue.Name, queue);
            _queues.Add(queue.DeadLetters!.Name, queue.DeadLetters);
        }
        _tokens = new TokenRequests(key, time);
        _router = new LinkRouter(_queues, _tokens, time);
        Port = port;
    }

    public int Port { get; }

    /// <summary>The number of accepted tokens. Without a key, the emulator does not count tokens.</summary>
    public int TokensTaken => _tokens.Taken;

    public string ConnectionString =>
        $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName=RootManageSharedAccessKey;"
        + "SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true";

    /// <param name="port">0 selects a free port.</param>
    /// <param name="key">Null (default): the emulator accepts every client. Otherwise links need a token that is signed with this key.</param>
    /// <param name="certificate">Null (default): plain TCP. Otherwise TLS, as in Azure.</param>
    /// <exception cref="SocketException">Another program uses the port.</exception>
    public static Task<ServiceBusEmulator> StartAsync(
        int port, IEnumerable<QueueOptions> queues, TimeProvider time, SharedAccessKey? key = null, X509Certificate2? certificate = null)
    {
        var emulator = new ServiceBusEmulator(ProbePort(port), queues, time, key, certificate);
        emulator.StartListening();
        return Task.FromResult(emulator);
    }

    /// <param name="name">A queue, or <c>queue/$DeadLetterQueue</c>.</param>
    public EmulatedQueue Queue(string name) => _queues[name];

    /// <summary>Listens again on the same port.</summary>
    public void StartListening()
    {
        if (_container is not null)
            throw new InvalidOperationException("The emulator is already listening.");
        var container = new EmulatorContainer($"{(_certificate is null ? "amqp" : "amqps")}://127.0.0.1:{Port}");
        var listener = container.Listeners[0];
        if (_certificate is not null)
            listener.SSL.Certificate = _certificate;
        listener.HandlerFactory = _ => _connections;
        foreach (var mechanism in SaslMechanisms)
            listener.SASL.EnableMechanism(mechanism, new AnyCredentials(mechanism));
        container.RegisterLinkProcessor(_router);
        container.Open();
        _container = container;
    }

    /// <summary>Refuses new connections, and closes the existing ones with an AMQP close.</summary>
    public void StopListening()
    {
        _container?.Close();
        _container = null;
    }

    /// <summary>Resets all client connections. Clients can connect again immediately.</summary>
    public Task DropConnectionsAsync() => _connections.DropAsync();

    /// <summary>Detaches all links. Connections stay open, and clients can attach links again immediately.</summary>
    public void DetachLinks() => _router.Detach();

    public ValueTask DisposeAsync()
    {
        StopListening();
        foreach (var queue in _queues.Values)
            queue.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Finds a free port, or fails if the requested port is in use. AMQPNetLite would not fail: it listens with SO_REUSEPORT,
    /// so two emulators could share a port, and each would get half of the connections.
    /// </summary>
    private static int ProbePort(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
