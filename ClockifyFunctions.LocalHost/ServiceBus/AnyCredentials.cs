using Amqp;
using Amqp.Sasl;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Lets every client in: the emulator guards nothing. Without state, so one instance serves all connections, which is
/// how AMQPNetLite uses a registered profile.
/// </summary>
internal sealed class AnyCredentials(string mechanism) : SaslProfile(mechanism)
{
    protected override ITransport UpgradeTransport(ITransport transport) =>
        new ListensFirstTransport((IAsyncTransport)transport);

    protected override DescribedList GetStartCommand(string hostname) =>
        throw new NotSupportedException("Only the listening side uses this profile.");

    protected override DescribedList OnCommand(DescribedList command) => new SaslOutcome { Code = SaslCode.Ok };
}
