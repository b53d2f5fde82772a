using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The number of messages that a client accepts now. AMQPNetLite does not expose its own count, and resets it to zero when a flow
/// does not raise the limit (<c>ListenerLink.OnFlow</c>). This class keeps the count and corrects that of the library. The lock of
/// the owning endpoint guards it.
/// </summary>
internal sealed class LinkCredit(ListenerLink link)
{
    public int Available { get; private set; }

    public void OnFlow(FlowContext flow)
    {
        Available = Math.Max(0, Available + flow.Messages);
        // AMQPNetLite sets the credit of a draining link to zero directly afterwards, so do not report credit for it.
        if (flow.Messages <= 0 && !link.IsDraining)
            link.SetCredit(Available, drain: false, autoRestore: false);
    }

    public void Use() => Available--;

    public void GiveBack() => Available++;

    /// <summary>
    /// Answers a drain. It does not use <c>ListenerLink.CompleteDrain</c>, which clears the drain flag in the flow that it sends:
    /// clients wait for a flow with the flag set.
    /// </summary>
    public void CompleteDrain()
    {
        Available = 0;
        link.SetCredit(0, drain: true, autoRestore: false);
    }
}
