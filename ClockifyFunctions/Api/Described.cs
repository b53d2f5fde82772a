using Microsoft.AspNetCore.Http.Metadata;

namespace ClockifyFunctions.Api;

/// <summary>What a route takes and answers, for the OpenAPI document.</summary>
internal static class Described
{
    private const string Json = "application/json", ProblemJson = "application/problem+json";

    public static RouteHandlerBuilder Says<T>(this RouteHandlerBuilder route, string summary, int status = 200) =>
        route.WithSummary(summary).WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [Json])).Also(404);

    public static RouteHandlerBuilder Says(this RouteHandlerBuilder route, string summary, int status) =>
        route.WithSummary(summary).WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void))).Also(404);

    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route, params string[] types) =>
        route.WithMetadata(new AcceptsMetadata(types is [] ? [Json] : types, typeof(T)));

    /// <summary>The query parameters; all others are refused.</summary>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder route, params string[] names) => route.WithMetadata(new QueryNames(names));

    /// <summary>The further answers: problem details where they are errors.</summary>
    public static RouteHandlerBuilder Also(this RouteHandlerBuilder route, params int[] statuses)
    {
        foreach (var status in statuses)
            route.WithMetadata(status < 400 ? new ProducesResponseTypeMetadata(status, typeof(void)) : new ProducesResponseTypeMetadata(status, typeof(ProblemDetailsView), [ProblemJson]));
        return route;
    }
}
