using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using static ClockifyFunctions.LocalHost.FunctionsHost.Protocol.InvocationRequests;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>The trigger metadata of Service Bus functions. Names and types are those of the real extension.</summary>
internal static class QueueMetadata
{
    /// <summary>Client objects of the extension, which have no meaning in another process. The worker gets empty objects.</summary>
    private static readonly string[] ClientObjects = ["MessageReceiver", "MessageSession", "MessageActions", "SessionActions", "ReceiveActions", "Client"];

    private static readonly (string Name, Func<ReceivedMessage, string?> Read)[] Texts =
    [
        ("MessageId", message => message.MessageId),
        ("LockToken", message => message.LockToken.ToString()),
        ("ContentType", message => message.ContentType),
        ("CorrelationId", message => message.CorrelationId),
        ("Subject", message => message.Subject),
        ("Label", message => message.Subject),
        ("To", message => message.To),
        ("ReplyTo", message => message.ReplyTo),
        ("SessionId", message => message.SessionId),
        ("ReplyToSessionId", message => message.ReplyToSessionId),
        ("PartitionKey", message => message.PartitionKey),
        ("TransactionPartitionKey", message => message.TransactionPartitionKey),
        ("DeadLetterSource", message => message.DeadLetterSource),
    ];

    private static readonly (string Name, Func<ReceivedMessage, object> Read)[] Values =
    [
        ("DeliveryCount", message => message.DeliveryCount),
        ("SequenceNumber", message => message.SequenceNumber),
        // The JSON of the extension has UTC times without a zone.
        ("EnqueuedTimeUtc", message => DateTime.SpecifyKind(message.EnqueuedTime.UtcDateTime, DateTimeKind.Unspecified)),
        ("EnqueuedTime", message => message.EnqueuedTime),
        ("ExpiresAtUtc", message => DateTime.SpecifyKind(message.ExpiresAt.UtcDateTime, DateTimeKind.Unspecified)),
        ("ExpiresAt", message => message.ExpiresAt),
        ("ApplicationProperties", message => message.Properties),
        ("UserProperties", message => message.Properties),
    ];

    /// <summary>The metadata of one message, without null values.</summary>
    public static Dictionary<string, TypedData> Of(ReceivedMessage message)
    {
        var metadata = Empty();
        foreach (var (name, read) in Texts)
            if (read(message) is { } text) metadata[name] = Text(text);
        foreach (var (name, read) in Values) metadata[name] = AsJson(read(message));
        return metadata;
    }

    /// <summary>The metadata of a batch: one array per name, in the order of the messages.</summary>
    public static Dictionary<string, TypedData> Of(IReadOnlyList<ReceivedMessage> messages)
    {
        var metadata = Empty();
        foreach (var (name, read) in Texts)
            metadata[name + "Array"] = new TypedData { CollectionString = new CollectionString { String = { messages.Select(message => read(message) ?? "") } } };
        // The real extension has this error, so the worker gets the same values in Azure.
        metadata["TransactionPartitionKeyArray"] = metadata["PartitionKeyArray"];
        foreach (var (name, read) in Values) metadata[name + "Array"] = AsJson(messages.Select(read).ToArray());
        metadata["SequenceNumberArray"] = new TypedData { CollectionSint64 = new CollectionSInt64 { Sint64 = { messages.Select(message => message.SequenceNumber) } } };
        return metadata;
    }

    private static Dictionary<string, TypedData> Empty() => ClientObjects.ToDictionary(name => name, _ => new TypedData { Json = "{}" });
}
