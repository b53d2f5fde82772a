using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.FunctionsHost.Protocol;
using Google.Protobuf;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>Builds the invocations of Service Bus functions. It uses deferred binding: the worker decodes the messages itself.</summary>
internal static class QueueInvocations
{
    private const string Version = "1.0", Source = "AzureServiceBusReceivedMessage", ContentType = "application/octet-stream";

    public static InvocationRequest Single(string binding, Message message)
    {
        var request = InvocationRequests.With(binding, new TypedData { ModelBindingData = Encode(message) });
        var read = AmqpMessages.Read(message);
        request.TriggerMetadata.Add(QueueMetadata.Of(read));
        // Like the real host, the properties of the binding data overwrite those of the message.
        request.TriggerMetadata[nameof(Version)] = InvocationRequests.Text(Version);
        request.TriggerMetadata[nameof(Source)] = InvocationRequests.Text(Source);
        request.TriggerMetadata[nameof(ContentType)] = InvocationRequests.Text(ContentType);
        request.TraceContext = TraceContexts.ChildOf(read.TraceParent);
        return request;
    }

    public static InvocationRequest Batch(string binding, IReadOnlyCollection<Message> messages)
    {
        var data = new CollectionModelBindingData { ModelBindingData = { messages.Select(Encode) } };
        var request = InvocationRequests.With(binding, new TypedData { CollectionModelBindingData = data });
        request.TriggerMetadata.Add(QueueMetadata.Of([.. messages.Select(AmqpMessages.Read)]));
        return request;
    }

    /// <summary>Encodes the lock token, followed by the message with all its sections.</summary>
    internal static ModelBindingData Encode(Message message)
    {
        var sent = message.Header;
        var header = new Header { DeliveryCount = AmqpMessages.DeliveryCount(message) };
        if (sent is not null)
        {
            header.Durable = sent.Durable;
            if (sent.HasField(1)) header.Priority = sent.Priority;
            if (sent.HasField(2)) header.Ttl = sent.Ttl;
        }

        using var counted = new Message
        {
            Header = header,
            DeliveryAnnotations = message.DeliveryAnnotations,
            MessageAnnotations = message.MessageAnnotations,
            Properties = message.Properties,
            ApplicationProperties = message.ApplicationProperties,
            BodySection = message.BodySection,
            Footer = message.Footer,
        };
        var encoded = counted.Encode();
        var content = new byte[16 + encoded.Length];
        AmqpMessages.LockToken(message).TryWriteBytes(content);
        encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).CopyTo(content.AsSpan(16));
        return new ModelBindingData
        {
            Version = Version,
            Source = Source,
            ContentType = ContentType,
            Content = UnsafeByteOperations.UnsafeWrap(content),
        };
    }
}
