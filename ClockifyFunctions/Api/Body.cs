using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Reads request bodies.</summary>
internal static class Body
{
    /// <summary>Bytes of every request that holds no records.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>The body, or null and a refusal that names everything that is wrong with it.</summary>
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

    /// <summary>The bytes of a JSON body, or a refusal. A page of another site can send a body without this content type and without asking first.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Refusal)> JsonAsync(HttpRequest request, CancellationToken cancel) =>
        request.HasJsonContentType()
            ? await BytesAsync(request, MostBytes, cancel)
            : (default, Problems.Answer(415, "The body has no content type that is accepted here.", "Send it with Content-Type: application/json."));

    /// <summary>The bytes of a body, or a refusal where there are more than <paramref name="most"/>. The server's own limit would cut the connection without an answer.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Refusal)> BytesAsync(HttpRequest request, int most, CancellationToken cancel)
    {
        var refusal = Problems.Answer(413, $"The request has more than {most >> 20} MB, and nothing was done.", "Send less, or send it in parts.");
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
