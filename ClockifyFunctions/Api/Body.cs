using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Reads request bodies.</summary>
internal static class Body
{
    /// <summary>Maximum size in bytes of a request body that contains no records.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>Returns the body, or null and a refusal that lists every problem of the body.</summary>
    /// <param name="remedy">What to send instead.</param>
    public static async Task<(T? Value, IResult? Refusal)> ReadAsync<T>(HttpRequest request, JsonTypeInfo<T> type, string remedy, CancellationToken cancel)
        where T : class
    {
        var problems = new ProblemList();
        try
        {
            var body = await JsonAsync(request, cancel);
            if (body.Refusal is { } refusal) return (null, refusal);
            using var json = JsonDocument.Parse(body.Bytes);
            UnknownMembers.Find(json.RootElement, type, "$", problems);
            var value = json.RootElement.Deserialize(type);
            if (value is null) problems.Add(new Problem("$", "is null."));
            if (problems.Count == 0) return (value, null);
        }
        catch (JsonException malformed)
        {
            problems.Add(malformed.Path is { } path
                ? new Problem(path, "has a value of another type.")
                : new Problem("$", string.Create(CultureInfo.InvariantCulture, $"is not JSON (line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}).")));
        }

        return (null, Problems.Answer(400, "The body is not valid.", remedy, problems.Listed));
    }

    /// <summary>Returns the bytes of a JSON body, or a refusal. Requiring this content type prevents cross-site requests: a page of another site cannot set it without a preflight request.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Refusal)> JsonAsync(HttpRequest request, CancellationToken cancel) =>
        request.HasJsonContentType()
            ? await BytesAsync(request, MostBytes, cancel)
            : (default, Problems.Answer(415, "The content type of the body is not supported.", "Send it with Content-Type: application/json."));

    /// <summary>Returns the bytes of a body, or a refusal if it has more than <paramref name="most"/> bytes. Without this check, the limit of the server would close the connection without a response.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Refusal)> BytesAsync(HttpRequest request, int most, CancellationToken cancel)
    {
        var refusal = Problems.Answer(413, $"The request has more than {most >> 20} MB, and was not processed.", "Send a smaller request, or split it into several requests.");
        if (request.ContentLength > most) return (default, refusal);
        using var body = new MemoryStream((int)(request.ContentLength ?? 0));
        var buffer = new byte[64 * 1024];
        for (int read; (read = await request.Body.ReadAsync(buffer, cancel)) > 0;)
        {
            if (body.Length + read > most) return (default, refusal);
            body.Write(buffer, 0, read);
        }

        return (body.GetBuffer().AsMemory(0, (int)body.Length), null);
    }
}
