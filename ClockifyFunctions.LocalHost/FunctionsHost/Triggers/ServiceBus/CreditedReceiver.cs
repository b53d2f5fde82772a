using Amqp;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>Receives messages from a link and knows how many more the broker may send, which the link does not tell.</summary>
internal sealed class CreditedReceiver(ReceiverLink link)
{
    private int _credit;

    public ReceiverLink Link => link;

    public void Grant(int messages)
    {
        Interlocked.Add(ref _credit, messages);
        link.SetCredit(messages, CreditMode.Manual);
    }

    /// <returns>Null when no message came in this time.</returns>
    public async Task<Message?> ReceiveAsync(TimeSpan wait)
    {
        var message = await link.ReceiveAsync(wait);
        if (message is not null) Interlocked.Decrement(ref _credit);
        return message;
    }

    /// <summary>Takes back the remaining credit and hands over the messages that are on their way.</summary>
    public async Task DrainAsync(TimeSpan wait, Action<Message> take)
    {
        // With less than the remaining credit, the link would end the connection over a message that is on its way.
        link.SetCredit(Volatile.Read(ref _credit), CreditMode.Drain);
        while (await ReceiveAsync(wait) is { } message) take(message);
    }
}
