using Amqp;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Triggers.ServiceBus;

/// <summary>Receives messages from a link and counts the remaining credit, which the link does not expose.</summary>
internal sealed class CreditedReceiver(ReceiverLink link)
{
    private int _credit;

    public ReceiverLink Link => link;

    public void Grant(int messages)
    {
        Interlocked.Add(ref _credit, messages);
        link.SetCredit(messages, CreditMode.Manual);
    }

    /// <returns>Null if no message arrived within <paramref name="wait"/>.</returns>
    public async Task<Message?> ReceiveAsync(TimeSpan wait)
    {
        var message = await link.ReceiveAsync(wait);
        if (message is not null) Interlocked.Decrement(ref _credit);
        return message;
    }

    /// <summary>Revokes the remaining credit, and passes the messages that are already in transit to <paramref name="take"/>.</summary>
    public async Task DrainAsync(TimeSpan wait, Action<Message> take)
    {
        // A value below the remaining credit would make the link close the connection when a message in transit arrives.
        link.SetCredit(Volatile.Read(ref _credit), CreditMode.Drain);
        while (await ReceiveAsync(wait) is { } message) take(message);
    }
}
