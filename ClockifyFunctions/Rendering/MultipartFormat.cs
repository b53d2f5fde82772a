using System.Buffers.Text;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Writes <c>multipart/form-data</c>. Each attribute becomes a part, a list of scalars one part per item, and null no part. An object
/// <c>{fileName, contentType, data}</c> becomes a file; its data is Base64. A record with any other object is refused.
/// </summary>
internal static class MultipartFormat
{
    private static readonly CompositeFormat File = CompositeFormat.Parse("; filename=\"{0}\"\r\nContent-Type: {1}");

    /// <param name="body">A body from <see cref="Write"/>. It begins with its boundary.</param>
    public static string ContentType(ReadOnlyMemory<byte> body) =>
        body.Length < 2 ? "multipart/form-data" : $"multipart/form-data; boundary={Encoding.ASCII.GetString(body.Span[2..body.Span.IndexOf((byte)'\r')])}";

    /// <param name="endpoint">Only the fields of this endpoint are sent; null: all attributes are sent.</param>
    public static byte[] Write(ReadOnlyMemory<byte> payload, EndpointTemplate? endpoint, ICollection<Problem> refusals)
    {
        // A hash gives the same boundary for the same record, so a preview equals the request. A value is very unlikely to contain its own hash.
        var boundary = string.Create(CultureInfo.InvariantCulture, $"part-{XxHash128.HashToUInt128(payload.Span):x32}");
        using var json = JsonDocument.Parse(payload);
        using var body = new MemoryStream();
        foreach (var member in json.RootElement.EnumerateObject())
        {
            if (endpoint is not null && endpoint.Field(member.Name) is null) continue;
            if (member.Value.ValueKind == JsonValueKind.Array) foreach (var item in member.Value.EnumerateArray()) Add(body, boundary, member.Name, item, refusals);
            else if (member.Value.ValueKind != JsonValueKind.Null) Add(body, boundary, member.Name, member.Value, refusals);
        }

        if (body.Length > Template.MostBytes) refusals.Add(Template.TooLarge);
        body.Write(Encoding.ASCII.GetBytes($"--{boundary}--\r\n"));
        return body.ToArray();
    }

    private static void Add(MemoryStream body, string boundary, string name, JsonElement value, ICollection<Problem> refusals)
    {
        // The body repeats the name for each item of a list, so it can be much larger than the record.
        if (body.Length > Template.MostBytes) return;
        var (about, content) = ("", Array.Empty<byte>());
        if (Macro.TryScalar(value, out var text)) content = Encoding.UTF8.GetBytes(text);
        else if (ProblemOf(value) is { } problem) refusals.Add(new Problem($"$.{name}", problem));
        else (about, content) = (string.Format(CultureInfo.InvariantCulture, File, Quoted(value.GetProperty("fileName").GetString()!), value.GetProperty("contentType").GetString()), value.GetProperty("data").GetBytesFromBase64());

        body.Write(Encoding.UTF8.GetBytes($"--{boundary}\r\nContent-Disposition: form-data; name=\"{Quoted(name)}\"{about}\r\n\r\n"));
        body.Write(content);
        body.Write("\r\n"u8);
    }

    /// <summary>Describes why a value is neither a scalar nor a file. Returns null if it is a file.</summary>
    public static string? ProblemOf(JsonElement value)
    {
        const string Shape = "send {\"fileName\", \"contentType\", \"data\"} with data in Base64.";
        if (value.ValueKind != JsonValueKind.Object) return $"is {Kinds.Name(value.ValueKind)}, which is not a file; {Shape}";
        foreach (var name in (ReadOnlySpan<string>)["fileName", "contentType", "data"])
            if (!value.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String) return $"has no text '{name}', so it is not a file; {Shape}";
        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(value.GetProperty("contentType").GetString(), out _)) return "has a contentType that is not a media type; write for example application/pdf.";
        return Base64.IsValid(value.GetProperty("data").GetString()) && value.GetProperty("data").TryGetBytesFromBase64(out _) ? null : "has data that is not Base64 text; encode the file's bytes in Base64.";
    }

    /// <summary>Escapes a name in quotes in the same way as browsers.</summary>
    private static string Quoted(string text) => text.Replace("\"", "%22", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);
}
