using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Rendering;

/// <summary>Combines the requests of a batch into one request.</summary>
internal static class BatchBody
{
    /// <summary>Combines the requests. Without batching, the only request stays unchanged. With batching, a single record has the form of a batch as well.</summary>
    public static RenderedRequest Combine(Batching? batching, IReadOnlyList<RenderedRequest> requests)
    {
        if (batching is null) return requests.Single();
        using var rented = RentedWriter.Rent();
        var writer = rented.Writer;
        if (batching.Property is { } property)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(property);
        }

        writer.WriteStartArray();
        foreach (var request in requests) WriteRecord(writer, request.Body, batching.Constants);
        writer.WriteEndArray();
        if (batching.Property is not null) writer.WriteEndObject();
        return requests[0] with { Body = rented.ToArray() };
    }

    private static void WriteRecord(Utf8JsonWriter writer, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, JsonElement> constants)
    {
        if (constants.Count == 0)
        {
            writer.WriteRawValue(body.Span, skipInputValidation: true);
            return;
        }

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
