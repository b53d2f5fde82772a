using System.Text.Json;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>Step 4: destination and record become a request. Pure: delivery, and later preview and test send, call the same code.</summary>
internal static class RequestRenderer
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static RenderedRequest Render(Destination destination, JsonElement record)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body, Compact)) record.WriteTo(writer);
        return new RenderedRequest(destination.Endpoint.Method, destination.Url, body.ToArray());
    }
}
