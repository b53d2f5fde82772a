using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Hosting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Telemetry;

namespace ClockifyFunctions.Ingest;

/// <summary>A message's body becomes records: a JSON object is one, an array of objects is many. Pure.</summary>
internal static class RecordReader
{
    /// <summary>Levels of objects and lists: a record is wrapped on its way, and a JSON reader takes 64.</summary>
    public const int MaxDepth = 60;

    /// <summary>For texts that hold records.</summary>
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    private const string Broken = "A text holds half a surrogate pair (\\ud800 to \\udfff on its own) or bytes that are no UTF-8, which is no Unicode text; mend it at the source.";

    /// <summary>False, with the reason and the remedy, when the body is anything else.</summary>
    public static bool TryRead(QueueMessage message, [NotNullWhen(true)] out IReadOnlyList<BacklogRecord>? records, [NotNullWhen(false)] out string? problem) =>
        TryRead(RecordIdentity.Of(message.SequenceNumber, message.MessageId, message.EnqueuedAt), message.MessageId, message.EnqueuedAt, message.Body, message.Trace, out records, out problem);

    /// <param name="id">The message's identity: that of a single record; of several, each has its place added.</param>
    public static bool TryRead(
        string id, string? messageId, DateTimeOffset enqueuedAt, ReadOnlyMemory<byte> body, TraceContext? trace,
        [NotNullWhen(true)] out IReadOnlyList<BacklogRecord>? records, [NotNullWhen(false)] out string? problem)
    {
        records = null;
        try
        {
            using var json = JsonDocument.Parse(body, Options);
            var root = json.RootElement;
            var isArray = root.ValueKind == JsonValueKind.Array;
            var bodies = isArray ? root.EnumerateArray().ToArray() : [root];
            // What cannot be written again must not get into a backlog.
            problem = Examine(root, bodies) ?? (BrokenText.IsIn(root) ? Broken : null);
            if (problem is not null) return false;
            records = [.. bodies.Select((record, index) => new BacklogRecord(
                isArray ? string.Create(CultureInfo.InvariantCulture, $"{id}.{index}") : id, messageId, enqueuedAt, RawJson.Of(record), Trace: trace))];
            return true;
        }
        catch (JsonException malformed)
        {
            problem = $"The body {WhyUnreadable(body, malformed)}.";
            return false;
        }
    }

    /// <summary>What follows the name of a text that could not be parsed.</summary>
    public static string WhyUnreadable(ReadOnlyMemory<byte> text, JsonException malformed)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"(line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1})");
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = int.MaxValue });
            return string.Create(CultureInfo.InvariantCulture, $"is nested deeper than {MaxDepth} levels {place}; flatten it at the source");
        }
        catch (JsonException)
        {
            return $"is not JSON {place}; send UTF-8 JSON";
        }
    }

    private static string? Examine(JsonElement root, JsonElement[] bodies)
    {
        if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return $"The body is a JSON {root.ValueKind.ToString().ToLowerInvariant()}; send one JSON object per record, or an array of objects.";
        if (bodies.Length == 0) return "The body is an empty array; there is no record in it.";
        var wrong = Array.FindIndex(bodies, body => body.ValueKind != JsonValueKind.Object);
        if (wrong >= 0) return $"Element {wrong} of the array is a JSON {bodies[wrong].ValueKind.ToString().ToLowerInvariant()}; every element has to be an object.";
        var large = Array.FindIndex(bodies, body => JsonMarshal.GetRawUtf8Value(body).Length > BacklogRecord.MaxBytes);
        if (large < 0) return null;
        var what = root.ValueKind == JsonValueKind.Array ? $"Element {large} of the array" : "The record";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{what} has {JsonMarshal.GetRawUtf8Value(bodies[large]).Length} bytes; a record has at most {BacklogRecord.MaxBytes}. Leave out at the source what Clockify does not take.");
    }

    /// <summary>What is wrong with a single record; null if nothing is.</summary>
    public static string? ProblemOf(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object) return $"is {Kinds.Name(record.ValueKind)}; a record is an object.";
        return BrokenText.IsIn(record) ? Broken : Examine(record, [record]);
    }
}
