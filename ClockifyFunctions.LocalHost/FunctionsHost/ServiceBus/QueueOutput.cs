using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using ClockifyFunctions.LocalHost.FunctionsHost.Config;

namespace ClockifyFunctions.LocalHost.FunctionsHost.ServiceBus;

/// <summary>Sends what a handler answers for an output binding. Opens a connection each time: plain, and quick enough for one machine.</summary>
internal sealed class QueueOutput(QueueOutputConfig config, TimeProvider time)
{
    public string Binding => config.Binding;

    /// <summary>In order; as the real host sends them: a body, its content type, and the invocation they come from.</summary>
    public async Task SendAsync(IReadOnlyList<string> bodies, Guid invocation)
    {
        if (bodies.Count == 0) return;
        if (!BrokerAddress.TryParse(config.ConnectionString, out var address)) throw new FormatException("The connection string is none."); // Checked when function.json was read.
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        var connection = await factory.CreateAsync(address.ToAmqp());
        try
        {
            var session = new Session(connection);
            if (address.Key is not null) await new BrokerTokens(session, address, config.Queue, time).PutAsync();
            var sender = new SenderLink(session, "functions-host-out-" + Guid.NewGuid(), config.Queue);
            foreach (var body in bodies)
            {
                using var message = new Message
                {
                    Properties = new Properties { MessageId = Guid.NewGuid().ToString("N"), ContentType = "text/plain" },
                    ApplicationProperties = new ApplicationProperties { ["$AzureWebJobsParentId"] = invocation.ToString() },
                    BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) },
                };
                await sender.SendAsync(message);
            }
        }
        finally
        {
            await connection.CloseAsync();
        }
    }
}
