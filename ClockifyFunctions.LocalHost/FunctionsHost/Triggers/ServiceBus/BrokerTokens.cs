using System.Globalization;
using Amqp;
using Amqp.Framing;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>Authorizes a connection for a queue. It sends a signed token to the broker's <c>$cbs</c> node, and a new token before the last one expires.</summary>
internal sealed class BrokerTokens(Session session, BrokerAddress address, string queue, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(20);

    /// <exception cref="AmqpException">The broker refused the token.</exception>
    public async Task PutAsync()
    {
        var replyTo = "cbs-" + Guid.NewGuid();
        var answers = new ReceiverLink(
            session, replyTo, new Attach { Source = new Source { Address = "$cbs" }, Target = new Target { Address = replyTo } }, null);
        var requests = new SenderLink(session, replyTo + "-out", "$cbs");
        using var request = new Message(address.Key!.Token(address.Host, time.GetUtcNow() + Life))
        {
            Properties = new Properties { MessageId = Guid.NewGuid().ToString(), ReplyTo = replyTo },
            ApplicationProperties = new ApplicationProperties
            {
                ["operation"] = "put-token",
                ["type"] = SharedAccessKey.TokenType,
                ["name"] = $"sb://{address.Host}/{queue}",
            },
        };
        await requests.SendAsync(request, AnswerTime);
        using var answer = await answers.ReceiveAsync(AnswerTime)
            ?? throw new AmqpException(ErrorCode.InternalError, "the broker did not answer the token request");
        answers.Accept(answer);
        var status = Convert.ToInt32(answer.ApplicationProperties["status-code"], CultureInfo.InvariantCulture);
        if (status is not (200 or 202))
            throw new AmqpException(ErrorCode.UnauthorizedAccess, $"the broker refused the token: {status} {answer.ApplicationProperties["status-description"]}");
        await requests.CloseAsync();
        await answers.CloseAsync();
    }

    /// <summary>Renews the token until <paramref name="done"/>. If a renewal fails, the broker detaches the links and the listener connects again.</summary>
    public async Task KeepAsync(CancellationToken done)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Life * 0.8, time, done);
                await PutAsync();
            }
        }
        catch (Exception e) when (e is OperationCanceledException || QueueListener.IsBrokerTrouble(e))
        {
            // Renewal has ended, or the connection is closed.
        }
    }
}
