using System.Globalization;

namespace ClockifyFunctions.Api;

/// <summary>Reads numbers from the query.</summary>
internal static class Query
{
    /// <summary>False if the parameter is no whole number.</summary>
    public static bool TryRead(HttpRequest request, string name, int fallback, out int value)
    {
        value = fallback;
        return request.Query[name].ToString() is not { Length: > 0 } text || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public static IResult Refuse(string name) => Problems.Answer(400, $"'{name}' in the query is no whole number.", $"Write {name}=100, for example, or leave it out.");
}
