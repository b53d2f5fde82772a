using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads a config's <c>headers</c>: <c>name:value,name:value</c>, or a JSON object if a value contains a comma.</summary>
internal static class HeaderReader
{
    /// <summary>The maximum number of headers. Web servers commonly refuse requests with more.</summary>
    private const int MostHeaders = 100;

    private static readonly Dictionary<string, Template> NoInputs = [];

    /// <summary>Headers that a config may not set, because HTTP, the content or a secret determines them.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade",
        "Expect", "Cookie", "Authorization", "Proxy-Authorization", "Proxy-Connection", "X-Api-Key", "X-Addon-Token",
    };

    public static List<KeyValuePair<string, Template>> Read(JsonElement? written, Credential? credential, ICollection<Problem> problems)
    {
        var headers = new List<KeyValuePair<string, Template>>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value, path) in Split(written, problems))
        {
            if (ProblemOf(name, credential) is { } problem) problems.Add(new Problem(path, problem));
            else if (!names.Add(name))
                problems.Add(new Problem(path, $"'{name}' is there twice."));
            else if (Template.Parse(value, TemplateKind.Header, NoInputs, path, problems) is { } template)
                headers.Add(new(name, template));
        }

        if (headers.Count > MostHeaders) problems.Add(new Problem("$.headers", $"has {headers.Count} headers; a request has at most {MostHeaders}."));
        return headers;
    }

    /// <summary>Returns why a header of this name cannot be sent; null if it can be sent.</summary>
    public static string? ProblemOf(string name, Credential? credential)
    {
        if (!Names.IsHeaderName(name)) return $"'{name}' is not a header name; use letters, digits and '-'.";
        return Reserved.Contains(name) || name.Equals(credential?.Header, StringComparison.OrdinalIgnoreCase)
            ? $"'{name}' is reserved: the credential, contentType or HTTP itself sets it."
            : null;
    }

    private static IEnumerable<(string Name, string Value, string Path)> Split(JsonElement? written, ICollection<Problem> problems)
    {
        switch (written?.ValueKind)
        {
            case null or JsonValueKind.Null:
                yield break;
            case { } when BrokenText.IsIn(written.Value):
                problems.Add(new Problem("$.headers", "contains an unpaired surrogate, which is not Unicode text."));
                yield break;
            case JsonValueKind.Object:
                foreach (var member in written.Value.EnumerateObject())
                {
                    if (member.Value.ValueKind == JsonValueKind.String) yield return (member.Name, member.Value.GetString()!.Trim(), $"$.headers.{member.Name}");
                    else problems.Add(new Problem($"$.headers.{member.Name}", "is not text; write the value in quotes."));
                }

                yield break;
            case JsonValueKind.String:
                foreach (var pair in written.Value.GetString()!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    var colon = pair.IndexOf(':', StringComparison.Ordinal);
                    if (colon > 0) yield return (pair[..colon].Trim(), pair[(colon + 1)..].Trim(), "$.headers");
                    else problems.Add(new Problem("$.headers", $"'{pair}' has no ':'; write name:value,name:value, or an object when a value holds a comma."));
                }

                yield break;
            default:
                problems.Add(new Problem("$.headers", "is neither a text (\"name:value,name:value\") nor an object."));
                yield break;
        }
    }
}
