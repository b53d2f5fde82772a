using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;

namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// Attaches a receiver to a session: the session that the client names, or the next one that has messages. The response contains the session id
/// and the duration of the lock. It can be delayed for as long as the client is willing to wait.
/// </summary>
internal sealed class SessionAttach(
    EmulatedQueue queue, AttachContext context, ReceiveMode mode, Lock amqpLock, TimeProvider time)
{
    private static readonly Symbol Filter = "com.microsoft:session-filter";
    private static readonly Symbol LockedUntil = "com.microsoft:locked-until-utc";
    private static readonly Symbol Patience = "com.microsoft:timeout";

    /// <summary>The wait if the client does not specify one, as in the service.</summary>
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(60);

    private readonly Map? _filters = (context.Attach.Source as Source)?.FilterSet;

    public bool IsAskedFor => _filters?.ContainsKey(Filter) is true;

    /// <summary>Accepts a session now, or waits for one in the background.</summary>
    public void Accept()
    {
        // Some SDKs send a plain value, others a described one.
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
            // The client closed the link at the same time. The lock of the session expires.
        }
    }

    private void Answer(SessionLock session)
    {
        _filters![Filter] = session.SessionId;
        context.Attach.Properties ??= new Fields();
        context.Attach.Properties[LockedUntil] = session.LockedUntil.UtcTicks;
        context.Complete(new QueueReceiveEndpoint(queue, context.Link, mode, amqpLock, session), initialCredit: 0);
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
            // The wait has already ended.
        }
    }
}
