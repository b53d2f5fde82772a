using ClockifyFunctions.Destinations;
using ClockifyFunctions.Hosting;

namespace ClockifyFunctions.Functions.Api;

/// <summary>Errors as RFC 9457 problem details.</summary>
internal static class Problems
{
    public static IResult Answer(int status, string title, string? detail = null, IReadOnlyList<Problem>? errors = null) =>
        Results.Json(new ProblemDetailsView(title, status, detail, errors), AppJson.Web.ProblemDetailsView, "application/problem+json", status);
}
