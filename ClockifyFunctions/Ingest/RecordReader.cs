using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Messaging;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Ingest;

/// <summary>Converts the body of a message to records: a JSON object is one record, an array of objects is several. Pure.</summary>
internal static class RecordReader
{
    private const string Broken = "A text contains an unpaired surrogate (\\ud800 to \\udfff) or bytes that are not UTF-8; correct it at the source.";

    /// <summary>Returns false, with the reason and the remedy, if the body is anything else.</summary>
    public static bool TryRead(ServiceBusReceivedMessage message, [NotNullWhen(true)] out IReadOnlyList<BacklogRecord>? records, [NotNullWhen(false)] out string? problem)
    {
        if (message.Content() is { } body)
        {
            if (!TryRead(RecordIdentity.Of(message.SequenceNumber, message.MessageId, message.EnqueuedTime), message.MessageId, message.EnqueuedTime, body, message.Trace(), out records, out problem)) return false;
            var (run, operation) = RunProperties.Read(message, out problem);
            if (problem is null && (run ?? (object?)operation) is not null) records = [.. records.Select(record => record with { Run = run, Operation = operation })];
            return problem is null;
        }

        (records, problem) = (null, "The body of the message is an AMQP value or sequence; send the record as data (bytes) or text.");
        return false;
    }

    /// <param name="id">The identity of the message. A single record has the same identity; for several records, their index is appended.</param>
    public static bool TryRead(
        string id, string? messageId, DateTimeOffset enqueuedAt, ReadOnlyMemory<byte> body, TraceContext? trace,
        [NotNullWhen(true)] out IReadOnlyList<BacklogRecord>? records, [NotNullWhen(false)] out string? problem)
    {
        records = null;
        try
        {
            problem = body.Length > JsonRecords.MostBytes ? string.Create(CultureInfo.InvariantCulture, $"The body has {body.Length} bytes, and one message can have at most {JsonRecords.MostBytes}; send the records in several messages.") : null;
            if (problem is not null) return false;
            var bodies = JsonRecords.Split(body, out var isArray);
            // Refuse text that the app could not write again, before it is appended to a backlog.
            problem = Examine(bodies, isArray) ?? (BrokenText.IsIn(body.Span) ? Broken : null);
            if (problem is not null) return false;
            records = [.. bodies.Select((record, index) => new BacklogRecord(
                isArray ? string.Create(CultureInfo.InvariantCulture, $"{id}.{index}") : id, messageId, enqueuedAt, Compact(record), Trace: trace))];
            return true;
        }
        catch (JsonException malformed)
        {
            problem = $"The body {JsonRecords.WhyUnreadable(body, malformed)}.";
            return false;
        }
    }

    /// <summary>The problem of a single record; null if it is valid.</summary>
    public static string? ProblemOf(ReadOnlySpan<byte> record)
    {
        if (JsonRecords.KindOf(record) is not JsonValueKind.Object and var kind) return $"is {Kinds.Name(kind)}; a record is an object.";
        return BrokenText.IsIn(record) ? Broken : record.Length > BacklogRecord.MaxBytes ? TooLarge("The record", record.Length) : null;
    }

    /// <summary>A record in the form that the backlog contains.</summary>
    public static RawJson Compact(ReadOnlyMemory<byte> record)
    {
        using var json = JsonDocument.Parse(record);
        return RawJson.Of(json.RootElement);
    }

    private static string? Examine(List<ReadOnlyMemory<byte>> bodies, bool isArray)
    {
        if (bodies.Count > JsonRecords.MostRecords) return $"The body {JsonRecords.TooMany}, in several messages.";
        if (bodies.Count == 0) return "The body is an empty array and contains no record.";
        for (var index = 0; index < bodies.Count; index++)
        {
            var body = bodies[index].Span;
            var element = isArray ? string.Create(CultureInfo.InvariantCulture, $"Element {index} of the array") : null;
            if (JsonRecords.KindOf(body) is not JsonValueKind.Object and var kind)
                return isArray ? $"{element} is {Kinds.Name(kind)}; every element must be an object." : $"The body is {Kinds.Name(kind)}; send one JSON object per record, or an array of objects.";
            if (body.Length > BacklogRecord.MaxBytes) return TooLarge(element ?? "The record", body.Length);
        }

        return null;
    }

    private static string TooLarge(string what, int length) => string.Create(
        CultureInfo.InvariantCulture, $"{what} has {length} bytes; a record can have at most {BacklogRecord.MaxBytes}. Remove attributes that Clockify does not use at the source.");
}
