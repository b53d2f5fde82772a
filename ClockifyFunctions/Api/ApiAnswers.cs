using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace ClockifyFunctions.Api;

/// <summary>Runs around all HTTP functions: sets response headers, refuses bodies without a content type and unknown query parameters, and answers failures with problem details.</summary>
internal sealed class ApiAnswers(ILogger<ApiAnswers> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
        {
            await next(context);
            return;
        }

        // Responses contain configuration, records and key fingerprints, so caches must not store them and browsers must not guess their content type.
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        if ((RefusalOf(http.Request) ?? QueryNames.Refuse(http.Request.Query, OpenApi.QueryNamesOf(context.FunctionDefinition.Name))) is { } refusal)
        {
            context.GetInvocationResult().Value = refusal;
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception failure)
        {
            context.GetInvocationResult().Value = AnswerTo(failure, http);
        }
    }

    internal IResult AnswerTo(Exception failure, HttpContext http)
    {
        // The worker calls functions by reflection, which wraps exceptions.
        var cause = failure is AggregateException { InnerExceptions: [var inner] } ? inner : failure;
        if (cause is OperationCanceledException && http.RequestAborted.IsCancellationRequested) return Results.StatusCode(StatusCodes.Status499ClientClosedRequest);
        if (cause is not BadHttpRequestException) log.LogError(cause, "{Method} {Path} failed.", http.Request.Method, http.Request.Path);
        return Problems.Of(cause);
    }

    /// <summary>Refuses a body without a content type, because its format is unknown.</summary>
    internal static IResult? RefusalOf(HttpRequest request) =>
        request.ContentType is null && (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0)
            ? Problems.Answer(415, "The request has a body but no Content-Type.", "Send the header Content-Type, for example application/json.")
            : null;
}
