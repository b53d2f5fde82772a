using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>The response of an endpoint before it is sent. A fault that applies after the effect can replace it.</summary>
internal sealed record Answer(int Status, JsonNode? Body = null)
{
    /// <summary>Value of the header <c>Last-Page</c>; null sends none.</summary>
    public bool? IsLastPage { get; init; }

    public static Answer Empty404 { get; } = new(404);

    public static Answer NoContent { get; } = new(204);

    public static Answer AccessDenied => Error(403, 501, "Access Denied");

    public static Answer Ok(JsonNode body) => new(200, body);

    public static Answer Created(JsonNode body) => new(201, body);

    /// <summary>Code 501, which the service uses for nearly every refusal of its domain.</summary>
    public static Answer Invalid(string message) => Error(400, 501, message);

    public static Answer Error(int status, int code, string message) =>
        new(status, new JsonObject { ["message"] = message, ["code"] = code });

    public async Task SendAsync(HttpContext context, LedgerCall call, Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.DropAfterApplying:
                context.Abort();
                return;
            case FaultKind.AnswerAfterApplying:
                await new Answer(fault.Status).SendAsync(context, call);
                return;
            default:
                await SendAsync(context, call);
                return;
        }
    }

    public async Task SendAsync(HttpContext context, LedgerCall call)
    {
        // Complete the ledger entry before the first byte, because a client that has the response may read the ledger immediately.
        call.Status = Status;
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-cache, no-store, max-age=0, must-revalidate";
        response.Headers.Pragma = "no-cache";
        response.Headers.Expires = "0";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        if (IsLastPage is { } isLast)
            response.Headers["Last-Page"] = isLast ? "true" : "false";
        if (Body is null)
            return;

        var bytes = System.Text.Encoding.UTF8.GetBytes(Body.ToJsonString());
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes);
    }
}
