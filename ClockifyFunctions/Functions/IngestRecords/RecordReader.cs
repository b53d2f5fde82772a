using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Hosting;

namespace ClockifyFunctions.Functions.IngestRecords;

/// <summary>A message's body becomes records: a JSON object is one, an array of objects is many. Pure.</summary>
internal static class RecordReader
{
    /// <summary>False, with the reason and the remedy, when the body is anything else.</summary>
    public static bool TryRead(QueueMessage message, [NotNullWhen(true)] out IReadOnlyList<BacklogRecord>? records, [NotNullWhen(false)] out string? problem)
    {
        (records, problem) = (null, null);
        try
        {
            using var json = JsonDocument.Parse(message.Body);
            var root = json.RootElement;
            if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            {
                problem = $"The body is a JSON {root.ValueKind.ToString().ToLowerInvariant()}; send one JSON object per record, or an array of objects.";
                return false;
            }

            var bodies = root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToArray() : [root];
            var wrong = Array.FindIndex(bodies, body => body.ValueKind != JsonValueKind.Object);
            if (wrong >= 0)
            {
                problem = $"Element {wrong} of the array is a JSON {bodies[wrong].ValueKind.ToString().ToLowerInvariant()}; every element has to be an object.";
                return false;
            }

            if (bodies.Length == 0)
            {
                problem = "The body is an empty array; there is no record in it.";
                return false;
            }

            var isArray = root.ValueKind == JsonValueKind.Array;
            records = [.. bodies.Select((body, index) => new BacklogRecord(
                RecordIdentity.Of(message.SequenceNumber, message.MessageId, message.EnqueuedAt, isArray ? index : null),
                message.MessageId, message.EnqueuedAt, Verified(body.Clone())))];
            return true;
        }
        catch (JsonException malformed)
        {
            problem = $"The body is not JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}); send UTF-8 JSON.";
            return false;
        }
        catch (InvalidOperationException)
        {
            problem = "The body has a string with half a surrogate pair (\\ud800 to \\udfff on its own), which no JSON writer may pass on; mend it at the source.";
            return false;
        }
    }

    /// <summary>A record that cannot be written again must not get into a backlog.</summary>
    private static JsonElement Verified(JsonElement body)
    {
        using var writer = new Utf8JsonWriter(Stream.Null);
        body.WriteTo(writer);
        return body;
    }
}
