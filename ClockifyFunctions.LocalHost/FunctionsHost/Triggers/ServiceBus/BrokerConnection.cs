using Amqp;
using Amqp.Framing;
using Amqp.Sasl;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>One AMQP connection with a peek-lock receiver on one queue.</summary>
internal sealed class BrokerConnection : IAsyncDisposable
{
    private readonly Connection connection;
    private readonly CancellationTokenSource closing = new();

    private BrokerConnection(Connection connection, Session session, ReceiverLink receiver, string queue)
    {
        this.connection = connection;
        Receiver = receiver;
        Locks = new LockRenewalLink(session, queue);
    }

    public ReceiverLink Receiver { get; }

    public LockRenewalLink Locks { get; }

    public bool IsOpen => !connection.IsClosed && !Receiver.IsClosed;

    public static async Task<BrokerConnection> OpenAsync(BrokerAddress address, string queue, TimeProvider time)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        var connection = await factory.CreateAsync(address.ToAmqp());
        try
        {
            var session = new Session(connection);
            var tokens = address.Key is null ? null : new BrokerTokens(session, address, queue, time);
            if (tokens is not null) await tokens.PutAsync();
            // These settle modes are peek-lock in AMQP: the broker keeps a delivered message until the receiver settles it.
            var attach = new Attach
            {
                Source = new Source { Address = queue },
                Target = new Target(),
                SndSettleMode = SenderSettleMode.Unsettled,
                RcvSettleMode = ReceiverSettleMode.First,
            };
            var receiver = new ReceiverLink(session, "functions-host-" + Guid.NewGuid(), attach, null);
            var opened = new BrokerConnection(connection, session, receiver, queue);
            _ = tokens?.KeepAsync(opened.closing.Token);
            return opened;
        }
        catch
        {
            connection.Close(TimeSpan.Zero);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        closing.Dispose();
        Locks.Dispose();
        try
        {
            await connection.CloseAsync(TimeSpan.FromSeconds(5), null);
        }
        catch (Exception e) when (e is AmqpException or TimeoutException or ObjectDisposedException or IOException)
        {
            // The broker has already closed the connection.
        }
    }
}
