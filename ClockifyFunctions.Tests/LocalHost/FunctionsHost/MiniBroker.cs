using System.Collections.Concurrent;
using System.Threading.Channels;
using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;
using Amqp.Types;
using ClockifyFunctions.LocalHost;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>A minimal broker that reports how each message is settled and which locks are renewed. It delivers abandoned messages again.</summary>
internal sealed class MiniBroker : IMessageSource, IRequestProcessor, IHandler
{
    private readonly ContainerHost host;
    private readonly Channel<(byte[] Body, uint Count)> queue = Channel.CreateUnbounded<(byte[], uint)>();
    private readonly ConcurrentDictionary<Message, (byte[] Body, uint Count)> held = new();
    private readonly Channel<string> settled = Channel.CreateUnbounded<string>();
    private readonly Channel<Guid> renewed = Channel.CreateUnbounded<Guid>();
    private long sequence;

    public MiniBroker()
    {
        Port = LoopbackPort.Next();
        host = new ContainerHost(new Address("127.0.0.1", Port, null, null, "/", "amqp"));
        host.Listeners[0].SASL.EnableAnonymousMechanism = true;
        host.Listeners[0].HandlerFactory = _ => this;
        host.RegisterMessageSource("work", this);
        host.RegisterRequestProcessor("work/$management", this);
        host.Open();
    }

    public int Port { get; }

    public int Credit => 100;

    public TimeSpan LockTime { get; init; } = TimeSpan.FromMinutes(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string ConnectionString =>
        $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName=k;SharedAccessKey=s;UseDevelopmentEmulator=true";

    public void Send(string body) => queue.Writer.TryWrite((System.Text.Encoding.UTF8.GetBytes(body), 0));

    public async Task<string> NextSettledAsync(CancellationToken token) => await settled.Reader.ReadAsync(token);

    public async Task<Guid> NextRenewedAsync(CancellationToken token) => await renewed.Reader.ReadAsync(token);

    public async Task<ReceiveContext> GetMessageAsync(ListenerLink link)
    {
        var (body, count) = await queue.Reader.ReadAsync();
        var message = new Message
        {
            BodySection = new Data { Binary = body },
            Header = new Header { DeliveryCount = count },
            Properties = new Properties { MessageId = "m" },
            MessageAnnotations = new MessageAnnotations
            {
                [new Symbol("x-opt-sequence-number")] = Interlocked.Increment(ref sequence),
                [new Symbol("x-opt-enqueued-time")] = Time.GetUtcNow().UtcDateTime,
                [new Symbol("x-opt-locked-until")] = Time.GetUtcNow().UtcDateTime + LockTime,
            },
        };
        held[message] = (body, count);
        return new ReceiveContext(link, message);
    }

    public void DisposeMessage(ReceiveContext receiveContext, DispositionContext dispositionContext)
    {
        if (!held.TryRemove(receiveContext.Message, out var entry)) return;
        var state = dispositionContext.DeliveryState;
        settled.Writer.TryWrite($"{state.GetType().Name} {entry.Count + 1}");
        if (state is Modified { DeliveryFailed: true }) queue.Writer.TryWrite((entry.Body, entry.Count + 1));
        dispositionContext.Complete();
    }

    public void Process(RequestContext requestContext)
    {
        var tokens = (Guid[])((Map)requestContext.Message.Body)["lock-tokens"];
        requestContext.Complete(new Message(new Map { ["expirations"] = new[] { Time.GetUtcNow().UtcDateTime + LockTime } })
        {
            ApplicationProperties = new ApplicationProperties { ["statusCode"] = 200 },
        });
        foreach (var token in tokens) renewed.Writer.TryWrite(token);
    }

    /// <summary>Lock tokens are delivery tags, which only a protocol handler can set.</summary>
    public bool CanHandle(EventId id) => id == EventId.SendDelivery;

    public void Handle(Event protocolEvent) => ((IDelivery)protocolEvent.Context).Tag = Guid.NewGuid().ToByteArray();

    /// <summary>Not named Dispose, because the container host disposes its message source, which is this object, when it closes. That would recurse without end.</summary>
    public void Close() => host.Close();
}
