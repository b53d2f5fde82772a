using System.Text;
using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.Stack;

/// <summary>A producer and consumer outside of the app. It sends records and receives response events over AMQP.</summary>
internal sealed class BusClient : IAsyncDisposable
{
    private readonly Connection _connection;
    private readonly Session _session;

    private BusClient(Connection connection) => (_connection, _session) = (connection, new Session(connection));

    public static async Task<BusClient> ConnectAsync(int port)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = Amqp.Sasl.SaslProfile.Anonymous;
        return new BusClient(await factory.CreateAsync(new Address($"amqp://127.0.0.1:{port}")));
    }

    /// <param name="tag">Application property <c>destination</c>; null: no property.</param>
    public async Task SendAsync(string queue, IEnumerable<string> bodies, string? tag, string? messageIdPrefix = null)
    {
        var sender = new SenderLink(_session, $"producer-{Guid.NewGuid():N}", queue);
        var sent = new List<Task>();
        var number = 0;
        foreach (var body in bodies)
        {
            var message = new Message
            {
                Properties = new Properties { MessageId = $"{messageIdPrefix ?? Guid.NewGuid().ToString("N")}-{number++}" },
                ApplicationProperties = new ApplicationProperties(),
                BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) },
            };
            if (tag is not null) message.ApplicationProperties["destination"] = tag;
            sent.Add(sender.SendAsync(message));
        }

        await Task.WhenAll(sent);
        await sender.CloseAsync();
    }

    public async Task SendAsync(string queue, Message message)
    {
        var sender = new SenderLink(_session, $"producer-{Guid.NewGuid():N}", queue);
        await sender.SendAsync(message);
        await sender.CloseAsync();
    }

    /// <summary>Calls <paramref name="received"/> with the text of every message of the queue.</summary>
    public void Subscribe(string queue, Action<string> received)
    {
        var receiver = new ReceiverLink(_session, $"consumer-{Guid.NewGuid():N}", queue);
        receiver.Start(500, (link, message) =>
        {
            received(Encoding.UTF8.GetString(((Data)message.BodySection).Binary));
            link.Accept(message);
        });
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.CloseAsync();
        }
        catch (AmqpException)
        {
            // The broker has already closed the connection.
        }
    }
}
