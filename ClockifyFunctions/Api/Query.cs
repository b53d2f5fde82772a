using System.Globalization;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Reads query parameters and collects a problem for each invalid value. The caller refuses the request if there are any.</summary>
internal sealed class Query(IQueryCollection parameters)
{
    private readonly List<Problem> _problems = [];

    /// <summary>A response with status 400 that lists all problems; null if there are none.</summary>
    public IResult? Refusal => _problems.Count == 0 ? null : Problems.Answer(400, "The query is not valid.", errors: _problems);

    public string Text(string name) => Single(name) ?? "";

    public int Number(string name, int fallback, int least, int most)
    {
        if (Single(name) is not { } text) return fallback;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        _problems.Add(new Problem(name, $"'{text}' is not a whole number from {least} to {most}."));
        return fallback;
    }

    public bool Flag(string name)
    {
        if (Single(name) is not { } text) return false;
        if (bool.TryParse(text, out var flag)) return flag;
        _problems.Add(new Problem(name, $"'{text}' is neither true nor false."));
        return false;
    }

    public T Choice<T>(string name, T fallback)
        where T : struct, Enum
    {
        if (Single(name) is not { } text) return fallback;
        var names = Enum.GetNames<T>();
        if (names.Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(text, ignoreCase: true);
        _problems.Add(new Problem(name, $"'{text}' is unknown; use one of: {string.Join(", ", names.Select(one => one.ToLowerInvariant()))}."));
        return fallback;
    }

    private string? Single(string name)
    {
        var values = parameters[name];
        if (values.Count > 1) _problems.Add(new Problem(name, $"is given {values.Count} times; give it once."));
        return values is [{ Length: > 0 } value] ? value : null;
    }
}
