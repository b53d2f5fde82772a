using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ClockifyFunctions.Hosting;

/// <summary>
/// What the Functions host posts for a trigger other than HTTP: <c>{"Data":{binding:…},"Metadata":{…}}</c>. Most values are
/// JSON text inside a JSON string; missing metadata is tolerated, because a manual run has none.
/// </summary>
internal sealed class Invocation : IDisposable
{
    /// <summary>Every answer is a non-empty JSON object: with anything less the host waits until its time-out and then kills the process.</summary>
    public const string Answer = "{}";

    private readonly JsonDocument _document;

    /// <summary>What was inside of strings, and the rented buffers in which it is.</summary>
    private readonly List<(JsonDocument Document, byte[] Buffer)> _decoded = [];

    private Invocation(JsonDocument document) => _document = document;

    public static async Task<Invocation> ReadAsync(HttpRequest request, CancellationToken cancel) =>
        new(await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel));

    /// <summary>The bodies of a batch (<c>cardinality: many</c>, <c>dataType: binary</c>), in message order, with what identifies each. Good until this is disposed of.</summary>
    public IReadOnlyList<QueueMessage> Messages(string binding)
    {
        var bodies = Decode(_document.RootElement.GetProperty("Data").GetProperty(binding)).EnumerateArray();
        var (ids, numbers, enqueued) = (MetadataArray("MessageIdArray"), MetadataArray("SequenceNumberArray"), MetadataArray("EnqueuedTimeUtcArray"));
        var (sessions, properties) = (MetadataArray("SessionIdArray"), MetadataArray("ApplicationPropertiesArray"));

        var messages = new List<QueueMessage>();
        foreach (var body in bodies)
        {
            messages.Add(new QueueMessage(
                body.GetBytesFromBase64(),
                Next(ref ids)?.GetString(),
                Next(ref numbers)?.GetInt64() ?? 0,
                Next(ref enqueued) is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at.GetDateTime(), DateTimeKind.Utc)) : default,
                Next(ref sessions)?.GetString(),
                Next(ref properties)));
        }

        return messages;
    }

    /// <summary>The body of a single message (<c>cardinality: one</c>, <c>dataType: binary</c>).</summary>
    public byte[] Body(string binding) => _document.RootElement.GetProperty("Data").GetProperty(binding).GetBytesFromBase64();

    /// <summary>1 on the first delivery; more when an earlier call failed or its process died. 1 where the host does not say.</summary>
    public int DeliveryCount =>
        _document.RootElement.TryGetProperty("Metadata", out var metadata) && metadata.TryGetProperty(nameof(DeliveryCount), out var text)
            && int.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;

    public void Dispose()
    {
        foreach (var (document, buffer) in _decoded)
        {
            document.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _document.Dispose();
    }

    private JsonElement.ArrayEnumerator MetadataArray(string name) =>
        _document.RootElement.TryGetProperty("Metadata", out var metadata) && metadata.TryGetProperty(name, out var text) ? Decode(text).EnumerateArray() : default;

    /// <summary>The next item; null where there is none.</summary>
    private static JsonElement? Next(ref JsonElement.ArrayEnumerator array) => array.MoveNext() && array.Current is { ValueKind: not JsonValueKind.Null } item ? item : null;

    /// <summary>JSON text inside a JSON string. A batch is a megabyte of it, so the text is never made a string.</summary>
    private JsonElement Decode(JsonElement text)
    {
        var raw = JsonMarshal.GetRawUtf8Value(text);
        var reader = new Utf8JsonReader(raw);
        reader.Read();
        var buffer = ArrayPool<byte>.Shared.Rent(raw.Length);
        var document = JsonDocument.Parse(buffer.AsMemory(0, reader.CopyString(buffer)));
        _decoded.Add((document, buffer));
        return document.RootElement;
    }
}
