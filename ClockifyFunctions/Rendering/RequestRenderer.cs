using System.Text;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>
/// Step 5 of a record: renders a destination and a record to a request. Delivery and preview use the same code. Pure, except that it reads
/// what is known about the features and roles of the workspace.
/// </summary>
internal static class RequestRenderer
{
    private static readonly List<KeyValuePair<string, string>> NoHeaders = [];
    private static readonly IReadOnlyList<Problem> NoProblems = [];

    /// <summary>Empty lists that the next record reuses, to avoid allocations.</summary>
    [ThreadStatic]
    private static ProblemList? t_refusals, t_warnings;

    /// <summary>Renders a record from any source.</summary>
    /// <param name="now">The time for date and time macros.</param>
    /// <param name="resolved">The resolved references of the record; null if the destination has no references.</param>
    public static RenderResult Render(Destination destination, JsonElement record, DateTimeOffset now, Resolved? resolved = null) =>
        // RawJson.Of gives the record the same form as in the backlog, so macros give the same text.
        WhyNone(record) is { } problem ? RenderResult.Refused(problem) : Render(destination, RawJson.Of(record), now, resolved);

    /// <summary>Renders a record from a backlog.</summary>
    public static RenderResult Render(Destination destination, RawJson record, DateTimeOffset now, Resolved? resolved = null)
    {
        using var parsed = JsonDocument.Parse(record.Utf8);
        return WhyNone(parsed.RootElement) is { } problem ? RenderResult.Refused(problem) : Render(destination, parsed.RootElement, record, now, resolved);
    }

    /// <param name="record">The parsed form of <paramref name="text"/>. It must be an object with valid text.</param>
    /// <param name="text">The text of the record. It is the payload if nothing changes.</param>
    internal static RenderResult Render(Destination destination, JsonElement record, RawJson text, DateTimeOffset now, Resolved? resolved = null)
    {
        var (refusals, warnings) = (t_refusals ?? [], t_warnings ?? []);
        (t_refusals, t_warnings) = (null, null);
        var context = new RenderContext(record, now, destination.UsesUserZone ? resolved?.UserZone : destination.Zone, resolved ?? Resolved.Nothing) { UsesUserZone = destination.UsesUserZone };
        var url = destination.Url.Render(context, refusals);
        // Some servers decode %2F to a slash. Clockify ids never contain a slash, so refusing it affects no valid record.
        if (destination.Endpoint is not null && url is not null && url.OriginalString.Contains('%', StringComparison.Ordinal) && HoldsSlash(url.AbsolutePath))
            refusals.Add(new Problem("$", "An id in the path holds a slash or backslash; Clockify's ids have 24 hexadecimal digits."));
        // A constant URL is checked when the destination is saved.
        if (destination is { Endpoint: { } named, Validation: not ValidationMode.Off, Url.IsConstant: false } && url is not null && Preflight.WrongId(named, url) is { } wrong)
            (destination.Validation == ValidationMode.Reject ? refusals : warnings).Add(wrong);
        if (destination is { Endpoint: { } endpoint, Validation: not ValidationMode.Off } && destination.Credential.Access.Find(destination.WorkspaceId!, now) is { } access)
        {
            if (AccessCheck.MissingFeature(endpoint, access) is { } missing) (destination.Validation == ValidationMode.Reject ? refusals : warnings).Add(missing);
            if (AccessCheck.MissingRole(endpoint, access) is { } role) warnings.Add(role);
        }

        var headers = destination.Headers.Count == 0 ? NoHeaders : Headers(destination, context, refusals);
        var body = destination.HasBody ? Body(destination, context, text, refusals, warnings) : default;

        var result = refusals.Count > 0
            ? RenderResult.Refused([.. refusals.Listed.Distinct()])
            : new RenderResult(new RenderedRequest(destination.Method, url!, body) { Headers = headers, ContentType = ContentType(destination.Format, body), Answer = destination.Endpoint?.Answer ?? AnswerShape.Any }, warnings.Count > 0 ? warnings.Listed : NoProblems);
        if (refusals.Count == 0) t_refusals = refusals;
        if (warnings.Count == 0) t_warnings = warnings;
        return result;
    }

    private static Problem? WhyNone(JsonElement record) =>
        record.ValueKind != JsonValueKind.Object ? new Problem("$", $"is {Kinds.Name(record.ValueKind)}; a record is an object.")
        : BrokenText.IsIn(record) ? new Problem("$", "contains an unpaired surrogate (\\ud800 to \\udfff), which is not Unicode text; correct it where the record is made.")
        : null;

    private static bool HoldsSlash(string path) => path.Contains("%2F", StringComparison.OrdinalIgnoreCase) || path.Contains("%5C", StringComparison.OrdinalIgnoreCase);

    private static List<KeyValuePair<string, string>> Headers(Destination destination, in RenderContext context, ProblemList refusals)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, template) in destination.Headers)
            if (template.Evaluate(context, refusals) is { } value) headers.Add(new(name, value));
        return headers;
    }

    private static ReadOnlyMemory<byte> Body(Destination destination, in RenderContext context, RawJson text, ProblemList refusals, ProblemList warnings)
    {
        var (payload, changed) = (text.Utf8, (JsonDocument?)null);
        if (!Preflight.IsFine(destination, context.Record))
        {
            ICollection<Problem> errors = destination.Validation switch { ValidationMode.Reject => refusals, ValidationMode.Warn => warnings, _ => [] };
            var payloadWriter = new PayloadWriter(destination, context, errors, refusals);
            if (payloadWriter.Write(text) is not { } written) return default;
            payload = written;
            changed = JsonDocument.Parse(payload);
            if (destination.Endpoint is { } endpoint) Preflight.Check(destination, endpoint, changed.RootElement, payloadWriter.Reported, errors, destination.UnknownAttributes == UnknownAttributes.Reject ? refusals : warnings);
        }

        using (changed)
        {
            // Convert the record to the body format first: {message.json} inserts it in that format.
            var body = destination.Body is { HoldsMessage: false } ? default : Written(destination, payload, refusals);
            if (destination.Body is { } template) body = Encoding.UTF8.GetBytes(template.Evaluate(context with { Payload = changed?.RootElement }, refusals, Encoding.UTF8.GetString(body.Span)) ?? "");
            if (body.Length > Template.MostBytes) refusals.Add(Template.TooLarge);
            return body;
        }
    }

    private static ReadOnlyMemory<byte> Written(Destination destination, ReadOnlyMemory<byte> payload, ProblemList refusals) => destination.Format switch
    {
        ContentFormat.Xml => XmlFormat.Write(payload, refusals),
        ContentFormat.Form => FormFormat.Write(payload, refusals),
        ContentFormat.Multipart => MultipartFormat.Write(payload, destination.Endpoint, refusals),
        _ => payload,
    };

    private static string ContentType(ContentFormat format, ReadOnlyMemory<byte> body) => format switch
    {
        ContentFormat.Xml => "application/xml",
        ContentFormat.Form => "application/x-www-form-urlencoded",
        ContentFormat.Multipart => MultipartFormat.ContentType(body),
        _ => "application/json",
    };
}
