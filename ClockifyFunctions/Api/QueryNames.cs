using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Api;

/// <summary>Refuses query parameters that a route does not know. Without this, a misspelled parameter has no effect and nobody notices.</summary>
internal static class QueryNames
{
    /// <summary>The Functions host reads the function key from these; they reach the app with the request.</summary>
    private static readonly string[] OfTheHost = ["code", "clientId"];

    /// <param name="names">The query parameters that the route takes.</param>
    public static IResult? Refuse(IQueryCollection parameters, IReadOnlyList<string> names)
    {
        List<Problem> problems =
        [
            .. parameters.Keys
                .Where(name => !names.Contains(name, StringComparer.OrdinalIgnoreCase) && !OfTheHost.Contains(name, StringComparer.OrdinalIgnoreCase))
                .Select(name => new Problem(name, names.Count == 0 ? "is unknown; this route takes no query parameters." : $"is unknown; this route takes: {string.Join(", ", names)}.")),
        ];
        return problems.Count == 0 ? null : Problems.Answer(400, "The query has unknown parameters.", errors: problems);
    }
}
