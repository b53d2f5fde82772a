using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Refuses query parameters that an operation does not have. Without this, a misspelled parameter would have no effect and nobody would notice. Pure.</summary>
internal static class QueryNames
{
    /// <summary>The Functions host reads the function key from these, and they reach the app with the request.</summary>
    private static readonly string[] OfTheHost = ["code", "clientId"];

    /// <param name="known">The parameters of the operation, as its description names them.</param>
    public static IResult? Refuse(IQueryCollection parameters, IReadOnlyList<string> known)
    {
        List<Problem> problems =
        [
            .. parameters.Keys
                .Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase) && !OfTheHost.Contains(name, StringComparer.OrdinalIgnoreCase))
                .Select(name => new Problem(name, known.Count == 0 ? "is unknown; this operation takes no query parameters." : $"is unknown; this operation takes: {string.Join(", ", known)}.")),
        ];
        return problems.Count == 0 ? null : Problems.Answer(400, "The query has unknown parameters.", errors: problems);
    }
}
