using System.Globalization;
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

    private Invocation(JsonDocument document) => _document = document;

    public static async Task<Invocation> ReadAsync(HttpRequest request, CancellationToken cancel) =>
        new(await JsonDocument.ParseAsync(request.Body, cancellationToken: cancel));

    /// <summary>The bodies of a batch (<c>cardinality: many</c>, <c>dataType: binary</c>), in message order, with what identifies each.</summary>
    public IReadOnlyList<QueueMessage> Messages(string binding)
    {
        using var bodies = Decode(_document.RootElement.GetProperty("Data").GetProperty(binding));
        using var ids = MetadataArray("MessageIdArray");
        using var numbers = MetadataArray("SequenceNumberArray");
        using var enqueued = MetadataArray("EnqueuedTimeUtcArray");
        using var sessions = MetadataArray("SessionIdArray");
        using var properties = MetadataArray("ApplicationPropertiesArray");

        var messages = new List<QueueMessage>();
        foreach (var body in bodies.RootElement.EnumerateArray())
        {
            var index = messages.Count;
            messages.Add(new QueueMessage(
                body.GetBytesFromBase64(),
                Item(ids, index)?.GetString(),
                Item(numbers, index)?.GetInt64() ?? 0,
                Item(enqueued, index) is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at.GetDateTime(), DateTimeKind.Utc)) : default,
                Item(sessions, index)?.GetString(),
                Item(properties, index)?.Clone()));
        }

        return messages;
    }

    /// <summary>The body of a single message (<c>cardinality: one</c>, <c>dataType: binary</c>).</summary>
    public byte[] Body(string binding) => _document.RootElement.GetProperty("Data").GetProperty(binding).GetBytesFromBase64();

    /// <summary>1 on the first delivery; more when an earlier call failed or its process died. 1 where the host does not say.</summary>
    public int DeliveryCount =>
        _document.RootElement.TryGetProperty("Metadata", out var metadata) && metadata.TryGetProperty(nameof(DeliveryCount), out var text)
            && int.TryParse(text.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;

    public void Dispose() => _document.Dispose();

    private JsonDocument? MetadataArray(string name) =>
        _document.RootElement.TryGetProperty("Metadata", out var metadata) && metadata.TryGetProperty(name, out var text) ? Decode(text) : null;

    private static JsonElement? Item(JsonDocument? array, int index) =>
        array is not null && index < array.RootElement.GetArrayLength() && array.RootElement[index] is { ValueKind: not JsonValueKind.Null } item ? item : null;

    private static JsonDocument Decode(JsonElement text) => JsonDocument.Parse(text.GetString()!);
}
