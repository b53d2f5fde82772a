using ClockifyFunctions.Destinations;
using Microsoft.AspNetCore.Diagnostics;

namespace ClockifyFunctions.Api;

/// <summary>Errors as RFC 9457 problem details.</summary>
internal static class Problems
{
    public static IResult Answer(int status, string title, string? detail = null, IReadOnlyList<Problem>? errors = null) =>
        Results.Json(new ProblemDetailsView(title, status, detail, errors), ApiJson.Web.ProblemDetailsView, "application/problem+json", status);

    public static IResult NoDestination(string id) => Answer(404, $"There is no destination '{id}'.", "List them with GET /api/destinations.");

    public static IResult NoCredential(string? name) => Answer(404, $"There is no credential '{name}'.", "Credentials are app settings: Credentials__{name}__ApiKey.");

    /// <summary>What no route answers, and what one failed to: as problem details too.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal), api =>
        {
            api.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = FailedAsync });
            api.UseStatusCodePages(context => Explain(context.HttpContext).ExecuteAsync(context.HttpContext));
        });
    }

    private static Task FailedAsync(HttpContext context)
    {
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var answer = error switch
        {
            Azure.RequestFailedException { Status: 401 or 403 } => Answer(503, "The storage refuses the app.", "Its identity needs the role Storage Blob Data Owner on the account, and the account's firewall must let it in; a new role takes some minutes."),
            Azure.RequestFailedException or AggregateException or Azure.Identity.AuthenticationFailedException => Answer(503, "The storage does not answer.", "Try again in a moment."),
            BadHttpRequestException refused => Answer(refused.StatusCode, refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The request is too large." : "The request cannot be read.", refused.Message),
            _ => Answer(500, "The app failed.", "Its log says more."),
        };
        return answer.ExecuteAsync(context);
    }

    private static IResult Explain(HttpContext context) => context.Response.StatusCode switch
    {
        404 => Answer(404, $"There is no {context.Request.Path}.", "See /api/openapi.json for what there is."),
        405 => Answer(405, $"{context.Request.Path} does not take {context.Request.Method}.", "See /api/openapi.json for what it takes."),
        var status => Answer(status, $"The request was refused with status {status}."),
    };
}
