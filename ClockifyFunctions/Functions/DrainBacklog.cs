using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Configuration.Credentials;
using ClockifyFunctions.Draining;
using ClockifyFunctions.Messaging;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Redeems one ticket: steps 3 to 7 for the backlogs of one credential.</summary>
/// <remarks>
/// The host can deliver a ticket again although its drain succeeded, for example when it stops while the drain runs. The second drain then finds
/// empty backlogs and makes no call.
/// </remarks>
internal sealed class DrainBacklog(Drain drain, CredentialStore credentials, IHostApplicationLifetime lifetime, ILogger<DrainBacklog> log)
{
    [Function(nameof(DrainBacklog))]
    public async Task RunAsync([ServiceBusTrigger(Queues.DrainName, Connection = "ServiceBusConnection")] ServiceBusReceivedMessage ticket, CancellationToken cancel)
    {
        // At a stop of the process the worker cancels no invocation, so the drain also observes the stop.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        // An unreadable ticket is dropped: a ticket is only a hint, and the sweep finds every backlog without one.
        if (DrainTicket.CredentialOf(ticket) is not { } name) log.LogWarning("A drain ticket is not {{\"credential\":\"…\"}} and is dropped.");
        else if ((await credentials.GetAsync(CredentialStore.ForSending, cancel)).Find(name) is not { } credential) log.LogWarning("A drain ticket names credential {Credential}, which does not exist. Its records wait.", name);
        else await drain.RunAsync(credential, redelivered: ticket.DeliveryCount > 1, stopping.Token);
    }
}
