using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>Step 4: destination and record become a request. Pure: delivery, and later preview and test send, call the same code.</summary>
internal static class RequestRenderer
{
    private static readonly List<KeyValuePair<string, string>> NoHeaders = [];

    /// <param name="now">For the macros that tell the time.</param>
    public static RenderResult Render(Destination destination, JsonElement record, DateTimeOffset now)
    {
        if (record.ValueKind != JsonValueKind.Object) return Refuse(new Problem("$", $"is {Kinds.Name(record.ValueKind)}; a record is an object."));
        if (BrokenText.IsIn(record)) return Refuse(new Problem("$", "holds half a surrogate pair (\\ud800 to \\udfff without its partner), which is no Unicode text; correct it where the record is made."));

        var refusals = new List<Problem>();
        var warnings = new List<Problem>();
        var context = new RenderContext(record, now, destination.Zone);
        var url = destination.Url.Render(context, refusals);
        // Some servers read %2F as a slash. No Clockify id holds one, so nothing is lost by refusing it.
        if (destination.Endpoint is not null && url is not null && (url.AbsolutePath.Contains("%2F", StringComparison.OrdinalIgnoreCase) || url.AbsolutePath.Contains("%5C", StringComparison.OrdinalIgnoreCase)))
            refusals.Add(new Problem("$", "An id in the path holds a slash or backslash; Clockify's ids have 24 hexadecimal digits."));
        List<KeyValuePair<string, string>> headers = destination.Headers.Count == 0 ? NoHeaders : [];
        foreach (var (name, template) in destination.Headers)
            if (template.Evaluate(context, refusals) is { } value) headers.Add(new(name, value));

        var body = ReadOnlyMemory<byte>.Empty;
        if (destination.HasBody)
        {
            var payload = PayloadWriter.Write(destination, record, refusals);
            if (destination.Endpoint is { } endpoint && destination.Validation != ValidationMode.Off)
            {
                using var written = destination.Rewrites ? JsonDocument.Parse(payload) : null;
                Preflight.Check(endpoint, written?.RootElement ?? record, destination.UpdateMode, destination.Validation == ValidationMode.Reject ? refusals : warnings, warnings);
            }

            body = Body(destination, context, payload, refusals);
        }

        if (refusals.Count > 0) return new RenderResult.Refused([.. refusals.Distinct()]);
        return new RenderResult.Ready(new RenderedRequest(destination.Method, url!, body) { Headers = headers, ContentType = ContentType(destination.Format) }, warnings);
    }

    private static ReadOnlyMemory<byte> Body(Destination destination, in RenderContext context, byte[] payload, List<Problem> refusals)
    {
        if (destination.Body is { } template)
        {
            var message = destination.Format switch
            {
                ContentFormat.Json => Encoding.UTF8.GetString(payload),
                _ => Encoding.UTF8.GetString(Written(destination.Format, payload, refusals)),
            };
            // XML and form are already written as such where they stand for the whole record.
            return Encoding.UTF8.GetBytes(template.Evaluate(context, refusals, message) ?? "");
        }

        return Written(destination.Format, payload, refusals);
    }

    private static byte[] Written(ContentFormat format, byte[] payload, List<Problem> refusals) => format switch
    {
        ContentFormat.Xml => XmlFormat.Write(payload),
        ContentFormat.Form => FormFormat.Write(payload, refusals),
        _ => payload,
    };

    private static string ContentType(ContentFormat format) => format switch
    {
        ContentFormat.Xml => "application/xml",
        ContentFormat.Form => "application/x-www-form-urlencoded",
        _ => "application/json",
    };

    private static RenderResult.Refused Refuse(Problem problem) => new([problem]);
}
