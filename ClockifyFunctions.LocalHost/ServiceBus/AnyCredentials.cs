using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Accepts every client, because the emulator needs no authentication. It has no state: AMQPNetLite uses one registered
/// profile for all connections.
/// </summary>
internal sealed class AnyCredentials(string mechanism) : SaslProfile(mechanism)
{
    protected override ITransport UpgradeTransport(ITransport transport) =>
        new ListensFirstTransport((IAsyncTransport)transport);

    protected override DescribedList GetStartCommand(string hostname) =>
        throw new NotSupportedException("Only the server side uses this profile.");

    protected override DescribedList OnCommand(DescribedList command) => new SaslOutcome { Code = SaslCode.Ok };
}
