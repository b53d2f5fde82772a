using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Journaling;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Sync;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Delivery;

/// <summary>Step 7 for destinations that link records to objects: writes the links, and settles records that need no call.</summary>
internal sealed class Linking(Destination destination, KeyedRecords keys, Journal journal, CursorTracker tracker, Settlement settlement, DrainScope drain)
{
    /// <summary>If a list is younger than this, it is not read again after Clockify refuses a create.</summary>
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(60);

    /// <summary>Whether an object belongs to another key.</summary>
    public bool IsTaken(PendingRecord record, string id) => destination.Sync is not null && ObjectId.TryParse(id, out var found) && keys.Links.KeyOf(found) is { } owner && owner != record.Keyed?.Row?.KeyHash;

    /// <summary>Whether the answer to a create does not contain the id of the object.</summary>
    public bool NamesNoObject(PendingCall call, DeliveryResult result) => destination.Sync is not null && call.First.Prepared is { Change: Change.Created } && !ObjectId.TryParse(IdIn(result.Result), out _);

    /// <summary>
    /// Whether Clockify may have refused a create because the object was created after its list was read. In this case the list is read again, and the
    /// record adopts the object.
    /// </summary>
    public bool IsOutdated(PendingCall call, DeliveryResult result)
    {
        if (result.Answer != AnswerKind.Rejected || call.First.Prepared is not { Change: Change.Created } prepared || destination.Sync is not { Adopt: not Adopt.Never, Object.Create.Repeat: Repeatability.Refused }) return false;
        if (Adoption.ListOf(destination, prepared) is not { } list || drain.Lists.Find(list) is not { } snapshot || drain.Time.GetUtcNow() - snapshot.TakenAt < ValidFor) return false;
        drain.Lists.Drop(list);
        return true;
    }

    /// <summary>Writes the links of the objects that the records created or changed. Completes when the links are durable.</summary>
    public Task LinkAsync(PendingCall call, DeliveryResult result)
    {
        var now = drain.Time.GetUtcNow();
        var lines = new List<LinkLine>(call.Records.Count);
        foreach (var record in call.Records)
        {
            if (record is not { Keyed.Row: { } row, Prepared: { } prepared }) continue;
            var link = LinkOf(call, prepared, row, result, now);
            record.ObjectId = link.Id;
            lines.Add(LinkLine.Of(row.Key, link, record.Record.Run));
        }

        return lines.Count == 0 ? Task.CompletedTask : keys.Links.AppendAsync(lines);
    }

    /// <summary>Marks the object of the key as deleted in Clockify, or removes it from its list if it was about to be adopted.</summary>
    public Task UnlinkAsync(PendingCall call)
    {
        if (call.First.Prepared is { FoundIn: { } list } prepared)
        {
            drain.Lists.Forget(list, prepared.Link.Id.ToString());
            return Task.CompletedTask;
        }

        return keys.Links.AppendAsync([.. call.Records.Select(record => LinkLine.Of(record.Keyed!.Row!.Key, record.Prepared!.Link with { State = LinkState.Gone, At = drain.Time.GetUtcNow() }))]);
    }

    /// <summary>
    /// Settles records that need no call. They share events. They need no journal lines, because the links lead to the same decision again; the drain
    /// changes no such link before the cursor has passed the records.
    /// </summary>
    public async Task UnchangedAsync(IReadOnlyList<PendingRecord> records)
    {
        if (records.Count == 0) return;
        Instruments.Records.Add(records.Count, new(Instruments.Destination, destination.Id), new(Instruments.OutcomeName, "unchanged"));
        if (destination.Responses && !await AreEventsAcceptedAsync(records)) return;
        foreach (var record in records)
        {
            // The journal needs the outcome of a record that was started or postponed.
            if (record.State != RecordState.New) journal.Add(new JournalLine(record.Record.Key, record.Line.End, new RecordState(Stage.Delivered)));
            journal.Memory.Accepted(record.Record.Key);
            tracker.Settle(record.Line, Finish.Delivered, change: Change.Unchanged);
        }
    }

    private async Task<bool> AreEventsAcceptedAsync(IReadOnlyList<PendingRecord> records)
    {
        var events = records.Chunk(UnchangedEvent.MostRecords).Select(part => settlement.IsAcceptedAsync(drain.Queues.Responses, ResponseMessages.Unchanged(
            destination.Id, string.Create(CultureInfo.InvariantCulture, $"unchanged/{part[0].Record.Key}/{part.Length}"), drain.Time.GetUtcNow(),
            [.. part.Select(record => new UnchangedEvent.Record(record.Record.Id, record.Record.MessageId, record.Keyed!.Row!.Key, IdOf(keys.Links.Find(record.Keyed.Row.KeyHash))))])));
        return (await Task.WhenAll(events)).All(accepted => accepted is not null);
    }

    private Link LinkOf(PendingCall call, Prepared prepared, SyncRow row, DeliveryResult result, DateTimeOffset now)
    {
        if (destination.Sync is null) return new Link(LinkState.Active, default, default, 0, now);
        switch (prepared.Change)
        {
            case Change.Created:
                return new Link(LinkState.Active, ObjectId.Parse(IdIn(result.Result)), Preparation.ParentOf(destination, prepared), row.Hash, now);
            case Change.Archived when !result.WasGone:
                return prepared.Link with { State = LinkState.Archived, At = now };
            case Change.Archived or Change.Deleted:
                return prepared.Link with { State = LinkState.None, At = now };
            case Change.Updated or Change.Unchanged when prepared.Link.IsActive:
                return prepared.Link with { Hash = row.Hash };
            default:
                return prepared.Link with { State = LinkState.Active, Hash = row.Hash, At = now };
        }
    }

    /// <summary>The id in an answer. Some endpoints answer with a list of the created objects.</summary>
    private static string? IdIn(CallResult answer) =>
        JsonPeek.Text(answer.Body.Utf8, "id") ?? (AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Array) is { } list && list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first ? NaturalKey.Text(first, "id") : null);

    private static string? IdOf(Link link) => link.Id.IsNone ? null : link.Id.ToString();
}
