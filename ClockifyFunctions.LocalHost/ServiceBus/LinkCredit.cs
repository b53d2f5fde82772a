using Amqp.Listener;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// How many messages a client wants now. AMQPNetLite does not show its own count, and loses it whenever a flow does not
/// raise the limit (<c>ListenerLink.OnFlow</c> sets it to zero even if the limit is unchanged), so we keep ours and put
/// the library's right. Guarded by the owning endpoint's lock.
/// </summary>
internal sealed class LinkCredit(ListenerLink link)
{
    public int Available { get; private set; }

    public void OnFlow(FlowContext flow)
    {
        Available = Math.Max(0, Available + flow.Messages);
        // A draining link gets its credit zeroed in a moment, and must not hear of any before.
        if (flow.Messages <= 0 && !link.IsDraining)
            link.SetCredit(Available, drain: false, autoRestore: false);
    }

    public void Use() => Available--;

    public void GiveBack() => Available++;

    /// <summary>
    /// Answers a drain. Not <c>ListenerLink.CompleteDrain</c>: it clears the drain flag in the flow it sends, and
    /// clients wait for a flow with the flag set.
    /// </summary>
    public void CompleteDrain()
    {
        Available = 0;
        link.SetCredit(0, drain: true, autoRestore: false);
    }
}
