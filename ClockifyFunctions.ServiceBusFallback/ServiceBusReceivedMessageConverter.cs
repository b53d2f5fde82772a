using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Converts the data from the host to the parameter of a Service Bus function: 16 bytes of lock token, followed by the message in AMQP encoding.</summary>
[SupportsDeferredBinding]
[SupportedTargetType(typeof(ServiceBusReceivedMessage))]
[SupportedTargetType(typeof(ServiceBusReceivedMessage[]))]
internal sealed class ServiceBusReceivedMessageConverter : IInputConverter
{
    private const int LockTokenLength = 16;
    private const string Source = "AzureServiceBusReceivedMessage", ContentType = "application/octet-stream";

    public ValueTask<ConversionResult> ConvertAsync(ConverterContext context)
    {
        try
        {
            return ValueTask.FromResult(context.Source switch
            {
                ModelBindingData message => ConversionResult.Success(Read(message)),
                CollectionModelBindingData messages => ConversionResult.Success(Array.ConvertAll(messages.ModelBindingData, Read)),
                _ => ConversionResult.Unhandled(),
            });
        }
        catch (Exception unreadable)
        {
            return ValueTask.FromResult(ConversionResult.Failed(unreadable));
        }
    }

    private static ServiceBusReceivedMessage Read(ModelBindingData data)
    {
        if (data is not { Source: Source, ContentType: ContentType }) throw new InvalidOperationException($"The host sent '{data.Source}' as '{data.ContentType}'; expected '{Source}' as '{ContentType}'.");
        var content = data.Content.ToMemory();
        return ServiceBusReceivedMessage.FromAmqpMessage(
            AmqpAnnotatedMessage.FromBytes(new BinaryData(content[LockTokenLength..])), new BinaryData(content[..LockTokenLength]));
    }
}
