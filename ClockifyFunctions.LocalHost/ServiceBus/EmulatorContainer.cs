using Amqp;
using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>The container of AMQPNetLite. It decodes messages to <see cref="IncomingMessage"/>.</summary>
internal sealed class EmulatorContainer(string address) : ContainerHost([address]), IContainer
{
    Message IContainer.CreateMessage(ByteBuffer buffer) => IncomingMessage.Decode(buffer);
}
