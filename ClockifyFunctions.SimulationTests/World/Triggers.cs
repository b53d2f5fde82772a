using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Functions;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.LocalHost.ServiceBus;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Tests.Support.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>
/// Calls the functions of one instance of the app as the Functions host does: one batch of records at a time, and up to 64 tickets at a time
/// with renewed locks. It completes a message after success and abandons it after a failure.
/// </summary>
internal sealed class Triggers(IServiceProvider services, InMemoryBus bus, TimeProvider time, KillSwitch killSwitch)
{
    /// <summary>The values in host.json.</summary>
    private const int LargestBatch = 1000, MostTickets = 64;

    /// <summary>The value in host.json.</summary>
    private static readonly TimeSpan LongestRenewal = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(30);

    private readonly ILogger<Triggers> _log = services.GetRequiredService<ILogger<Triggers>>();

    /// <summary>Notifies the functions that the process stops. The worker cancels no invocation then.</summary>
    private readonly ApplicationLifetime _lifetime = new(services.GetRequiredService<ILogger<ApplicationLifetime>>());

    /// <summary>Receives until <paramref name="listening"/> is canceled, and returns when no function runs.</summary>
    public Task RunAsync(CancellationToken listening) => Task.WhenAll(IngestAsync(listening), DrainAsync(listening));

    /// <summary>Tells the functions that the process stops.</summary>
    public void Stop() => _lifetime.StopApplication();

    private async Task IngestAsync(CancellationToken listening)
    {
        var function = new IngestRecords(services.GetRequiredService<MessageIngest>());
        while (await ReceiveAsync(bus.Records, listening) is { } first)
        {
            List<QueueMessage> batch = [first];
            while (batch.Count < LargestBatch && bus.Records.TryReceive(ReceiveMode.PeekLock) is { } more) batch.Add(more);
            var succeeded = await SucceedsAsync(() => function.RunAsync([.. batch.Select(ToMessage)], CancellationToken.None));
            foreach (var message in batch)
                if (succeeded) bus.Records.Complete(message.LockToken);
                else bus.Records.Abandon(message.LockToken);
        }
    }

    private async Task DrainAsync(CancellationToken listening)
    {
        using var slots = new SemaphoreSlim(MostTickets);
        var running = new HashSet<Task>();
        while (await ReceiveAsync(bus.Drain, listening) is { } ticket)
        {
            await slots.WaitAsync(CancellationToken.None);
            running.RemoveWhere(task => task.IsCompleted);
            running.Add(RedeemAsync(ticket, slots, listening));
        }

        await Task.WhenAll(running);
    }

    private async Task RedeemAsync(QueueMessage ticket, SemaphoreSlim slots, CancellationToken listening)
    {
        var function = ActivatorUtilities.CreateInstance<DrainBacklog>(services, _lifetime);
        using var done = new CancellationTokenSource();
        var renewal = RenewAsync(ticket, done.Token);
        var succeeded = await SucceedsAsync(() => function.RunAsync(ToMessage(ticket), CancellationToken.None));
        await done.CancelAsync();
        await renewal;
        // A listener that stops abandons single messages, even if their functions succeed.
        if (succeeded && !listening.IsCancellationRequested) bus.Drain.Complete(ticket.LockToken);
        else bus.Drain.Abandon(ticket.LockToken);
        slots.Release();
    }

    private async Task RenewAsync(QueueMessage ticket, CancellationToken done)
    {
        for (var renewed = TimeSpan.Zero; renewed < LongestRenewal; renewed += RenewalInterval)
        {
            await Task.Delay(RenewalInterval, time, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (done.IsCancellationRequested) return;
            bus.Drain.RenewLock(ticket.LockToken);
        }
    }

    /// <summary>Never completes after the instance is killed.</summary>
    private async Task<bool> SucceedsAsync(Func<Task> function)
    {
        try
        {
            await new RedeliveryPause(time, _lifetime).DelayFailureAsync(function, CancellationToken.None);
            await killSwitch.WhileRunningAsync();
            return true;
        }
        catch (Exception failed)
        {
            await killSwitch.WhileRunningAsync();
            _log.LogWarning(failed, "A function failed.");
            return false;
        }
    }

    private async Task<QueueMessage?> ReceiveAsync(EmulatedQueue queue, CancellationToken listening)
    {
        try
        {
            return await queue.ReceiveAsync(ReceiveMode.PeekLock, listening);
        }
        catch (OperationCanceledException)
        {
            await killSwitch.WhileRunningAsync();
            return null;
        }
    }

    private static ServiceBusReceivedMessage ToMessage(QueueMessage message) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        new BinaryData(InMemoryBus.Body(message.Content)), message.Content.Properties.MessageId, sessionId: message.SessionId,
        properties: message.Content.ApplicationProperties?.Map.ToDictionary(property => (string)property.Key, property => property.Value),
        deliveryCount: message.DeliveryCount, sequenceNumber: message.SequenceNumber, enqueuedTime: message.EnqueuedTime);
}
