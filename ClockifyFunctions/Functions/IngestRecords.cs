using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Ingest;
using ClockifyFunctions.Messaging;
using Microsoft.Azure.Functions.Worker;

namespace ClockifyFunctions.Functions;

/// <summary>Step 1: ingests a batch of messages. If the function fails, the host abandons all of them.</summary>
internal sealed class IngestRecords(MessageIngest ingest)
{
    [Function(nameof(IngestRecords))]
    public Task RunAsync([ServiceBusTrigger(Queues.RecordsName, Connection = "ServiceBusConnection", IsBatched = true)] ServiceBusReceivedMessage[] messages, CancellationToken cancel) =>
        ingest.RunAsync(messages, cancel);
}
