using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>The one request that stands for several.</summary>
internal static class BatchBody
{
    /// <summary>Without batching there is one request, and it stays as it is. A batch of one has the shape of a batch.</summary>
    public static RenderedRequest Combine(Batching? batching, IReadOnlyList<RenderedRequest> requests)
    {
        if (batching is null) return requests.Single();
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (batching.Property is { } property)
            {
                writer.WriteStartObject();
                writer.WritePropertyName(property);
            }

            writer.WriteStartArray();
            foreach (var request in requests) WriteRecord(writer, request.Body, batching.Constants);
            writer.WriteEndArray();
            if (batching.Property is not null) writer.WriteEndObject();
        }

        return requests[0] with { Body = buffer.WrittenSpan.ToArray() };
    }

    private static void WriteRecord(Utf8JsonWriter writer, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, JsonElement> constants)
    {
        using var record = JsonDocument.Parse(body);
        writer.WriteStartObject();
        foreach (var member in record.RootElement.EnumerateObject())
            if (!constants.ContainsKey(member.Name)) member.WriteTo(writer);
        foreach (var (name, value) in constants)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
