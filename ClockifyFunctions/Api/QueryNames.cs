using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Api;

/// <summary>The query parameters that a route takes. A route without this metadata takes none.</summary>
internal sealed record QueryNames(IReadOnlyList<string> Names)
{
    /// <summary>The Functions host reads the function key from these; they reach the app with the request.</summary>
    private static readonly string[] OfTheHost = ["code", "clientId"];

    /// <summary>Refuses parameters that the route does not know: without this, a misspelled parameter has no effect and nobody notices.</summary>
    public static IResult? Refuse(IQueryCollection parameters, QueryNames? known)
    {
        var names = known?.Names ?? [];
        List<Problem> problems =
        [
            .. parameters.Keys
                .Where(name => !names.Contains(name, StringComparer.OrdinalIgnoreCase) && !OfTheHost.Contains(name, StringComparer.OrdinalIgnoreCase))
                .Select(name => new Problem(name, names.Count == 0 ? "is unknown; this route takes no query parameters." : $"is unknown; this route takes: {string.Join(", ", names)}.")),
        ];
        return problems.Count == 0 ? null : Problems.Answer(400, "The query has unknown parameters.", errors: problems);
    }
}
