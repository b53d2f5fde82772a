using System.Text;
using System.Text.Json;
using ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

namespace ClockifyFunctions.Tests.LocalHost.FunctionsHost;

/// <summary>One recorded call of a real host: its trigger messages, the body it sent, and the parts that were random.</summary>
internal sealed class Recording
{
    private readonly JsonElement root;
    private readonly JsonElement request;

    public Recording(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", "custom-handler", name + ".json");
        root = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        request = root.TryGetProperty("request", out var only) ? only : root.GetProperty("requests")[0];
    }

    public string Body => request.GetProperty("bodyText").GetString()!;

    public JsonElement Binding => root.GetProperty("functionJson").GetProperty("bindings")[0];

    public string BindingName => Binding.GetProperty("name").GetString()!;

    public bool Binary => Binding.TryGetProperty("dataType", out var type) && type.GetString() == "binary";

    public InvocationStamp Stamp => new(
        request.GetProperty("target").GetString()![1..],
        DateTimeOffset.Parse(Sent("UtcNow\":\""), null),
        Guid.Parse(Sent("RandGuid\":\"")));

    public IReadOnlyList<QueueMessage> Messages
    {
        get
        {
            var trigger = root.GetProperty("trigger");
            var all = trigger.ValueKind == JsonValueKind.Array ? trigger.EnumerateArray().ToArray() : [trigger];
            var metadata = request.GetProperty("bodyJson").GetProperty("Metadata");
            return [.. all.Select((m, i) => Read(m, Token(metadata, i), Sequence(metadata, i)))];
        }
    }

    private static QueueMessage Read(JsonElement m, Guid token, long sequence)
    {
        string? Text(string name) => m.TryGetProperty(name, out var value) ? value.GetString() : null;
        var body = Text("bodyBase64") is { } raw ? Convert.FromBase64String(raw) : Encoding.UTF8.GetBytes(Text("body")!);
        var earlier = m.TryGetProperty("deliveryCount", out var count) ? count.GetInt32() : 0;
        return new QueueMessage(
            body, token, earlier + 1, sequence,
            m.GetProperty("enqueuedTime").GetDateTimeOffset(), m.GetProperty("expiresAt").GetDateTimeOffset())
        {
            MessageId = Text("messageId"),
            CorrelationId = Text("correlationId"),
            SessionId = Text("sessionId"),
            ContentType = Text("contentType"),
            Subject = Text("subject"),
            ReplyTo = Text("replyTo"),
            To = Text("to"),
            PartitionKey = Text("partitionKey"),
            Properties = m.TryGetProperty("applicationProperties", out var properties)
                ? [.. properties.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, Value(p.Value)))] : [],
        };
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetInt64(out var whole) ? (object)whole : value.GetDouble(),
        JsonValueKind.Object when value.TryGetProperty("$guid", out var guid) => guid.GetGuid(),
        JsonValueKind.Object when value.TryGetProperty("$datetime", out var time) => time.GetDateTime(),
        JsonValueKind.Object when value.TryGetProperty("$dto", out var time) => time.GetDateTimeOffset(),
        _ => null,
    };

    private static Guid Token(JsonElement metadata, int i) => metadata.TryGetProperty("LockTokenArray", out var tokens)
        ? Inner(tokens)[i].GetGuid() : Inner(metadata.GetProperty("LockToken")).GetGuid();

    private static long Sequence(JsonElement metadata, int i) => metadata.TryGetProperty("SequenceNumberArray", out var numbers)
        ? Inner(numbers)[i].GetInt64() : Inner(metadata.GetProperty("SequenceNumber")).GetInt64();

    private static JsonElement Inner(JsonElement encoded) => JsonDocument.Parse(encoded.GetString()!).RootElement;

    /// <summary>A body may overwrite sys; then nothing of it was sent and any value will do.</summary>
    private string Sent(string before)
    {
        var at = Body.IndexOf(before, StringComparison.Ordinal);
        if (at < 0) return before.StartsWith("Utc", StringComparison.Ordinal) ? "2026-01-01T00:00:00Z" : Guid.Empty.ToString();
        var start = at + before.Length;
        return Body[start..Body.IndexOf('"', start)];
    }
}
