using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Creates errors as RFC 9457 problem details.</summary>
internal static class Problems
{
    public static IResult Answer(int status, string title, string? detail = null, IReadOnlyList<Problem>? errors = null) =>
        Results.Json(new ProblemDetailsView(title, status, detail, errors), ApiJson.Web.ProblemDetailsView, "application/problem+json", status);

    public static IResult NoDestination(string id) => Answer(404, $"Destination '{id}' does not exist.", "List them with GET /api/destinations.");

    public static IResult NoCredential(string? name) => Answer(404, $"Credential '{name}' does not exist.", "List them with GET /api/credentials.");

    /// <summary>The answer to a request whose handler failed.</summary>
    public static IResult Of(Exception failure) => failure switch
    {
        Azure.RequestFailedException { Status: 401 or 403 } => Answer(503, "Storage denies access to the app.", "The identity of the app needs the role Storage Blob Data Contributor on the account, and the firewall of the account must allow the app. A new role takes effect after some minutes."),
        Azure.RequestFailedException or AggregateException or Azure.Identity.AuthenticationFailedException => Answer(503, "Storage does not respond.", "Try again in a few seconds."),
        BadHttpRequestException refused => Answer(refused.StatusCode, refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The request is too large." : "The request cannot be read.", refused.Message),
        _ => Answer(500, "The app failed.", "See the log of the app."),
    };
}
