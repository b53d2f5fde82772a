using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Refuses query parameters that an operation does not have. Otherwise a misspelled parameter would be ignored silently. Pure.</summary>
internal static class QueryNames
{
    /// <summary>The Functions host reads the function key from these parameters and passes them to the app.</summary>
    private static readonly string[] OfTheHost = ["code", "clientId"];

    /// <param name="known">The parameters of the operation, as the OpenAPI document lists them.</param>
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
