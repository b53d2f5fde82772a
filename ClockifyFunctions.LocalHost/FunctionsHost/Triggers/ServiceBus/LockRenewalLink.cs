using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>
/// Renews message locks over the queue's management node:
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response#message-renew-lock
/// </summary>
internal sealed class LockRenewalLink(Session session, string queue) : IDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    // Only one request at a time is in progress, so responses need no correlation.
    private readonly SemaphoreSlim turn = new(1);
    private SenderLink? requests;
    private ReceiverLink? answers;
    private string replyTo = "";

    /// <returns>The time at which the lock now expires.</returns>
    /// <exception cref="AmqpException">The lock is lost, or the broker did not answer.</exception>
    public async Task<DateTimeOffset> RenewAsync(Guid lockToken, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            Open();
            using var request = new Message(new Map { ["lock-tokens"] = new[] { lockToken } })
            {
                Properties = new Properties { MessageId = Guid.NewGuid().ToString(), ReplyTo = replyTo },
                ApplicationProperties = new ApplicationProperties
                {
                    ["operation"] = "com.microsoft:renew-lock",
                    ["com.microsoft:server-timeout"] = (uint)AnswerTime.TotalMilliseconds,
                },
            };
            await requests!.SendAsync(request, AnswerTime);
            using var answer = await answers!.ReceiveAsync(AnswerTime)
                ?? throw new AmqpException(ErrorCode.InternalError, "the broker did not answer the lock renewal");
            answers.Accept(answer);
            return ReadExpiry(answer);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private static DateTimeOffset ReadExpiry(Message answer)
    {
        var properties = answer.ApplicationProperties?.Map;
        var status = properties?["statusCode"] ?? properties?["status-code"];
        if (status is not (200 or 202))
            throw new AmqpException(ErrorCode.InternalError, $"the broker refused the lock renewal with status {status}");
        return answer.Body is Map body && body["expirations"] is DateTime[] { Length: > 0 } expirations
            ? AmqpMessages.Utc(expirations[0])
            : throw new AmqpException(ErrorCode.InternalError, "the broker's response to the lock renewal contains no expiry");
    }

    private void Open()
    {
        if (requests is { IsClosed: false } && answers is { IsClosed: false }) return;
        var node = queue + "/$management";
        replyTo = "locks-" + Guid.NewGuid();
        answers = new ReceiverLink(
            session, replyTo + "-in", new Attach { Source = new Source { Address = node }, Target = new Target { Address = replyTo } }, null);
        answers.SetCredit(10);
        requests = new SenderLink(
            session, replyTo + "-out", new Attach { Source = new Source { Address = replyTo }, Target = new Target { Address = node } }, null);
    }
}
