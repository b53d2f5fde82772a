using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// A client attaches a receiver to a session: one it names, or the next that has messages. The answer, which may take
/// as long as the client wants to wait, says which session it is and how long its lock lasts.
/// </summary>
internal sealed class SessionAttach(
    EmulatedQueue queue, AttachContext context, ReceiveMode mode, Lock sessionGate, TimeProvider time)
{
    private static readonly Symbol Filter = "com.microsoft:session-filter";
    private static readonly Symbol LockedUntil = "com.microsoft:locked-until-utc";
    private static readonly Symbol Patience = "com.microsoft:timeout";

    /// <summary>When the client does not say how long it waits for a session; as the service.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    private readonly Map? _filters = (context.Attach.Source as Source)?.FilterSet;

    public bool IsAskedFor => _filters?.ContainsKey(Filter) is true;

    /// <summary>Answers now or later.</summary>
    public void Accept()
    {
        // Plain or described: the SDKs differ.
        var wanted = _filters![Filter] switch
        {
            DescribedValue described => described.Value as string,
            var plain => plain as string,
        };
        if (queue.TryAcceptSession(wanted) is { } session)
            Answer(session);
        else if (wanted is not null)
            Refuse("com.microsoft:session-cannot-be-locked", $"The requested session '{wanted}' is locked by another receiver.");
        else
            _ = AcceptNextAsync();
    }

    private async Task AcceptNextAsync()
    {
        var patience = context.Attach.Properties?[Patience] is uint milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds) : DefaultPatience;
        using var waiting = new CancellationTokenSource(patience, time);
        context.Link.Closed += (_, _) => Cancel(waiting);
        try
        {
            Answer(await queue.AcceptNextSessionAsync(waiting.Token));
        }
        catch (OperationCanceledException)
        {
            if (!context.Link.IsClosed)
                Refuse("com.microsoft:timeout", $"No unlocked session of {queue.Name} had messages within {patience}.");
        }
        catch (AmqpException)
        {
            // The client went at the very moment; the session's lock expires.
        }
    }

    private void Answer(SessionLock session)
    {
        _filters![Filter] = session.SessionId;
        context.Attach.Properties ??= new Fields();
        context.Attach.Properties[LockedUntil] = session.LockedUntil.UtcTicks;
        context.Complete(new QueueReceiveEndpoint(queue, context.Link, mode, sessionGate, session), initialCredit: 0);
    }

    private void Refuse(string condition, string description) =>
        context.Complete(new Error(condition) { Description = description });

    private static void Cancel(CancellationTokenSource waiting)
    {
        try
        {
            waiting.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The wait ended long ago.
        }
    }
}
