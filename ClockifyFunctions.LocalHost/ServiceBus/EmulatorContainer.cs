using Amqp;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>AMQPNetLite's container, except that it decodes to <see cref="IncomingMessage"/>.</summary>
internal sealed class EmulatorContainer(string address) : ContainerHost([address]), IContainer
{
    Message IContainer.CreateMessage(ByteBuffer buffer) => IncomingMessage.Decode(buffer);
}
