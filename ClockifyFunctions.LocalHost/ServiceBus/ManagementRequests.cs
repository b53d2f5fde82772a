using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The <c>$management</c> node of one queue; see
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response.
/// </summary>
internal sealed class ManagementRequests(EmulatedQueue queue)
{
    public Message Answer(Message request)
    {
        var operation = request.ApplicationProperties?["operation"] as string;
        return operation switch
        {
            "com.microsoft:renew-lock" => RenewLocks((Map)request.Body),
            "com.microsoft:peek-message" => Peek((Map)request.Body),
            "com.microsoft:schedule-message" => Schedule((Map)request.Body),
            "com.microsoft:cancel-scheduled-message" => CancelScheduled((Map)request.Body),
            "com.microsoft:update-disposition" => Settle((Map)request.Body),
            "com.microsoft:receive-by-sequence-number" => ReceiveDeferred((Map)request.Body),
            "com.microsoft:renew-session-lock" => RenewSessionLock((Map)request.Body),
            "com.microsoft:get-session-state" => SessionState((Map)request.Body),
            "com.microsoft:set-session-state" => SetSessionState((Map)request.Body),
            _ => ManagementReply.Failed(501, ErrorCode.NotImplemented, $"The emulator does not support the operation '{operation}'."),
        };
    }

    private Message RenewLocks(Map body)
    {
        var expirations = new List<DateTime>();
        foreach (var token in (Guid[])body["lock-tokens"])
        {
            if (queue.RenewLock(token) is not { } until)
                return ManagementReply.Failed(410, LockLost.Condition, LockLost.Description);
            expirations.Add(until.UtcDateTime);
        }
        return ManagementReply.Ok(new Map { ["expirations"] = expirations.ToArray() });
    }

    private Message Peek(Map body)
    {
        var found = queue.Peek((long)body["from-sequence-number"], (int)body["message-count"], body["session-id"] as string);
        if (found.Count == 0)
            return ManagementReply.NoContent();
        var messages = new List();
        foreach (var message in found)
            messages.Add(new Map { ["message"] = EncodeForPeek(message) });
        return ManagementReply.Ok(new Map { ["messages"] = messages });
    }

    private static byte[] EncodeForPeek(QueueMessage message)
    {
        const int active = 0, deferred = 1, scheduled = 2;
        // A peeked message carries no lock token.
        var shown = OutgoingMessage.For(message with { LockToken = Guid.Empty });
        shown.MessageAnnotations[Annotations.MessageState] =
            message.IsDeferred ? deferred : message.ScheduledFor > message.EnqueuedTime ? scheduled : active;
        return Encode(shown);
    }

    private static byte[] Encode(Message message)
    {
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    private Message Schedule(Map body)
    {
        // Each message carries its time as an annotation, so this is an ordinary send.
        var messages = ((System.Collections.IEnumerable)body["messages"]).Cast<Map>()
            .Select(entry => SdkBatch.Decode((byte[])entry["message"]));
        var numbers = queue.Send([.. messages]);
        return ManagementReply.Ok(new Map { ["sequence-numbers"] = numbers.ToArray() });
    }

    private Message CancelScheduled(Map body)
    {
        foreach (var number in (long[])body["sequence-numbers"])
        {
            if (!queue.CancelScheduled(number))
                return ManagementReply.Failed(404, "com.microsoft:message-not-found", $"Message {number} is not scheduled.");
        }
        return ManagementReply.Ok();
    }

    /// <summary>Settles messages by lock token. SDKs use it if the link of a message is closed but its lock is still valid.</summary>
    private Message Settle(Map body)
    {
        foreach (var token in (Guid[])body["lock-tokens"])
        {
            bool held;
            switch (body["disposition-status"] as string)
            {
                case "completed":
                    held = queue.Complete(token);
                    break;
                case "abandoned":
                    held = queue.Abandon(token);
                    break;
                case "defered":
                    held = queue.Defer(token);
                    break;
                case "suspended" when queue.DeadLetters is not null:
                    held = queue.DeadLetter(token, body["deadletter-reason"] as string, body["deadletter-description"] as string);
                    break;
                case var other:
                    return ManagementReply.Failed(501, ErrorCode.NotImplemented, $"{queue.Name} does not support the disposition '{other}'.");
            }
            if (!held)
                return ManagementReply.Failed(410, LockLost.Condition, LockLost.Description);
        }
        return ManagementReply.Ok();
    }

    private Message ReceiveDeferred(Map body)
    {
        const uint first = 0;
        // Settle mode "first" means that the sender settles the messages when it sends them: receive and delete.
        var mode = Convert.ToUInt32(body["receiver-settle-mode"], null) == first ? ReceiveMode.ReceiveAndDelete : ReceiveMode.PeekLock;
        var session = body["session-id"] is string sessionId ? queue.LockOfSession(sessionId) : null;
        var numbers = (long[])body["sequence-numbers"];
        if (queue.ReceiveDeferred(numbers, mode, session) is not { } found)
        {
            return ManagementReply.Failed(404, "com.microsoft:message-not-found",
                $"At least one of the messages {string.Join(", ", numbers)} is not deferred in {queue.Name}.");
        }
        var messages = new List();
        foreach (var message in found)
            messages.Add(new Map { ["message"] = Encode(OutgoingMessage.For(message)), ["lock-token"] = message.LockToken });
        return ManagementReply.Ok(new Map { ["messages"] = messages });
    }

    private Message RenewSessionLock(Map body) =>
        queue.RenewSessionLock((string)body["session-id"]) is { } until
            ? ManagementReply.Ok(new Map { ["expiration"] = until.UtcDateTime })
            : SessionLockLost((string)body["session-id"]);

    private Message SessionState(Map body)
    {
        var sessionId = (string)body["session-id"];
        return queue.LockOfSession(sessionId) is null
            ? SessionLockLost(sessionId)
            : ManagementReply.Ok(new Map { ["session-state"] = queue.SessionState(sessionId) });
    }

    private Message SetSessionState(Map body)
    {
        var sessionId = (string)body["session-id"];
        if (queue.LockOfSession(sessionId) is null)
            return SessionLockLost(sessionId);
        queue.SetSessionState(sessionId, body["session-state"] as byte[]);
        return ManagementReply.Ok();
    }

    private static Message SessionLockLost(string sessionId) =>
        ManagementReply.Failed(410, LockLost.SessionCondition, LockLost.SessionDescription(sessionId));
}
