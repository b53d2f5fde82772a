using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Quarantine;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Ingest;

/// <summary>
/// Step 1: appends a batch of messages to the backlogs of their destinations and sends a ticket for each credential. It does not wait for
/// rate limits, so one busy credential does not block the others. When it returns, the host completes the messages. If it throws, the broker
/// delivers all messages again, and the drain recognizes the records that it has already read.
/// </summary>
internal sealed class MessageIngest(
    DestinationStore destinations, InlineDestinations inline, Backlogs backlogs, QuarantineStore quarantine, DrainTickets tickets, TimeProvider time, ILogger<MessageIngest> log)
{
    public const string DestinationProperty = "destination";

    public async Task RunAsync(IReadOnlyList<ServiceBusReceivedMessage> messages, CancellationToken cancel)
    {
        using var span = Spans.Process(Queues.RecordsName, [.. messages.Select(message => message.Trace())]);
        var accepted = new Dictionary<(string Credential, string Destination), List<BacklogRecord>>();
        foreach (var message in messages)
        {
            try
            {
                await SortAsync(message, accepted, cancel);
            }
            catch (Exception fault) when (OwnFault.Is(fault))
            {
                // This message must not delay the other messages of the batch.
                await QuarantineAsync(QuarantineStore.Unrouted, "unreadable", message, null, $"{OwnFault.Reason(fault)}.", cancel);
            }
        }

        await Task.WhenAll(accepted.Select(group => backlogs.AppendAsync(group.Key.Credential, group.Key.Destination, group.Value, cancel)));
        foreach (var (key, records) in accepted) Instruments.Ingested.Add(records.Count, new KeyValuePair<string, object?>(Instruments.Destination, key.Destination));
        await Task.WhenAll(accepted.Keys.Select(key => key.Credential).Distinct().Select(credential => tickets.SendAsync(credential, cancel)));
    }

    private async Task SortAsync(ServiceBusReceivedMessage message, Dictionary<(string Credential, string Destination), List<BacklogRecord>> accepted, CancellationToken cancel)
    {
        var (destination, problem) = await RouteAsync(message, cancel);
        if (destination is null)
        {
            await QuarantineAsync(QuarantineStore.Unrouted, "unrouted", message, TagOf(message), problem!, cancel);
        }
        else if (CopyIn(message) is { } copy)
        {
            Accept(accepted, destination, [copy]);
        }
        else if (!RecordReader.TryRead(message, out var records, out problem))
        {
            await QuarantineAsync(destination.Id, "unreadable", message, TagOf(message), problem, cancel);
        }
        else
        {
            Accept(accepted, destination, records);
        }
    }

    private static void Accept(Dictionary<(string Credential, string Destination), List<BacklogRecord>> accepted, StoredDestination destination, IEnumerable<BacklogRecord> records)
    {
        var key = (destination.Config.Credential!, destination.Id);
        if (!accepted.TryGetValue(key, out var list)) accepted[key] = list = [];
        list.AddRange(records);
    }

    /// <summary>The postponed record that a message carries; null if the message is from a producer. The drain uses the journal to decide whether the copy is genuine.</summary>
    private static BacklogRecord? CopyIn(ServiceBusReceivedMessage message) =>
        message.Property(PostponedCopy.Property) is { } property && PostponedCopy.Read(property) is { } copy && RecordReader.TryRead(message, out var records, out _) && records is [var only]
            ? copy.ToRecord(only.Body, message.Trace()) : null;

    private static string? TagOf(ServiceBusReceivedMessage message) => message.Property(DestinationProperty) ?? message.SessionId;

    /// <summary>Finds the destination: by the config that the message carries, otherwise by property, otherwise by session id.</summary>
    private async Task<(StoredDestination? Destination, string? Problem)> RouteAsync(ServiceBusReceivedMessage message, CancellationToken cancel)
    {
        if (message.Property(InlineDestinations.ConfigProperty) is { } config) return await inline.FindOrCreateAsync(config, cancel);
        if (TagOf(message) is not { Length: > 0 } id)
            return (null, $"The message names no destination; set the application property '{DestinationProperty}' or the session id, or put a complete config into '{InlineDestinations.ConfigProperty}'.");
        while (await destinations.FindAsync(id, cancel) is { } stored)
            if (!id.StartsWith(Destination.InlinePrefix, StringComparison.Ordinal) || await destinations.RenewAsync(stored, cancel)) return (stored, null);
        return (null, $"Destination '{id}' does not exist; create it with PUT /api/destinations/{id} and replay the message, or correct the tag.");
    }

    private Task QuarantineAsync(string destination, string kind, ServiceBusReceivedMessage message, string? tag, string problem, CancellationToken cancel)
    {
        log.LogWarning("Message quarantined: sequence number {SequenceNumber}, kind {Kind}, destination {Destination}: {Problem}", message.SequenceNumber, kind, destination, problem);
        return quarantine.AddAsync(
            destination,
            [
                new QuarantineEntry(
                    RecordIdentity.Of(message.SequenceNumber, message.MessageId, message.EnqueuedTime), message.MessageId,
                    tag, time.GetUtcNow(), kind, problem, Raw: message.Content()?.ToArray() ?? []),
            ],
            cancel);
    }
}
