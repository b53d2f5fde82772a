using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Types;
using EventId = Amqp.Handler.EventId;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>An in-process, in-memory stand-in for a Service Bus namespace, over AMQP 1.0 on loopback.</summary>
internal sealed class ServiceBusEmulator : IContainer, IHandler, IAsyncDisposable
{
    private const uint MaxMessageSize = 256 * 1024;

    private readonly Dictionary<string, EmulatedQueue> _queues = new(StringComparer.OrdinalIgnoreCase);
    private readonly RequestLinks _requests;
    private readonly ConnectionListener _listener;

    private ServiceBusEmulator(int port, IEnumerable<QueueOptions> queues, TimeProvider time)
    {
        Port = port;
        foreach (var options in queues)
        {
            var queue = new EmulatedQueue(options, time);
            _queues[queue.Name] = queue;
            _queues[queue.DeadLetters!.Name] = queue.DeadLetters;
        }

        _requests = new RequestLinks(name => _queues.GetValueOrDefault(name));
        _listener = new ConnectionListener(new Address($"amqp://127.0.0.1:{port}"), this) { HandlerFactory = _ => this };
        _listener.SASL.EnableAnonymousMechanism = true;
        _listener.SASL.EnableMechanism(new Symbol("MSSBCBS"), Amqp.Sasl.SaslProfile.Anonymous);
        _listener.AMQP.MaxFrameSize = 64 * 1024;
        _listener.Open();
    }

    public int Port { get; }

    public string ConnectionString =>
        $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true";

    /// <summary>Listens on 127.0.0.1; port 0 takes a free one.</summary>
    public static ServiceBusEmulator Start(int port, IEnumerable<QueueOptions> queues, TimeProvider time) =>
        new(port != 0 ? port : FreePort(), queues, time);

    public EmulatedQueue Queue(string name) => _queues[name];

    public ValueTask DisposeAsync()
    {
        _listener.Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Service Bus puts the lock token into the delivery tag, and its clients read it from there.</summary>
    bool IHandler.CanHandle(EventId id) => id == EventId.SendDelivery;

    void IHandler.Handle(Event protocolEvent)
    {
        if (protocolEvent.Context is IDelivery { Message: DeliveredMessage { LockToken: { } token } } delivery) delivery.Tag = token.ToByteArray();
    }

    X509Certificate2? IContainer.ServiceCertificate => null;

    IDictionary<string, TransportProvider> IContainer.CustomTransports { get; } = new Dictionary<string, TransportProvider>();

    Message IContainer.CreateMessage(ByteBuffer buffer) => Message.Decode(buffer);

    Link IContainer.CreateLink(ListenerConnection connection, ListenerSession session, Attach attach) => new ListenerLink(session, attach);

    /// <exception cref="AmqpException">There is no such queue.</exception>
    bool IContainer.AttachLink(ListenerConnection connection, ListenerSession session, Link link, Attach attach)
    {
        var listenerLink = (ListenerLink)link;
        var address = EntityOf(attach.Role ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address);
        attach.MaxMessageSize = MaxMessageSize;
        if (RequestLinks.Serves(address))
        {
            if (attach.Role) _requests.AttachReplies(listenerLink, attach);
            else _requests.AttachRequests(listenerLink, address);
            return true;
        }

        if (!_queues.TryGetValue(address, out var queue))
            throw new AmqpException(ErrorCode.NotFound, $"There is no queue '{address}'. This emulator has: {string.Join(", ", _queues.Keys.Where(name => !name.Contains('$', StringComparison.Ordinal)))}.");
        if (attach.Role) _ = new SendingLink(listenerLink, queue, receiveAndDelete: attach.SndSettleMode == SenderSettleMode.Settled);
        else ReceivingLink.Attach(listenerLink, queue, MaxMessageSize);
        return true;
    }

    private static string EntityOf(string? address)
    {
        var text = address ?? "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps" or "sb") text = uri.AbsolutePath;
        return text.Trim('/');
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
