using System.Text;
using System.Text.Json;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>Header words that people use for fields and references, in English, German and French. The source is <c>words.json</c> of the catalog.</summary>
internal static class HeaderWords
{
    private static readonly Lazy<Dictionary<string, string[]>> All = new(Read);

    /// <summary>Returns the words of a name in the form of <see cref="Compact"/>, the best first.</summary>
    public static IReadOnlyList<string> Of(string name) => All.Value.GetValueOrDefault(name, []);

    /// <summary>Keeps only letters and digits, composed and in lower case, so that <c>E-Mail</c>, <c>e_mail</c> and <c>EMail</c> are equal.</summary>
    public static string Compact(string text) => string.Concat(text.Normalize().Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>Splits a header into words: <c>Start time</c>, <c>start_time</c> and <c>startTime</c> have two words.</summary>
    public static IEnumerable<string> Split(string text)
    {
        var word = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var isNew = char.IsUpper(text[at]) && at > 0 && char.IsLower(text[at - 1]);
            if ((isNew || !char.IsLetterOrDigit(text[at])) && word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }

            if (char.IsLetterOrDigit(text[at])) word.Append(char.ToLowerInvariant(text[at]));
        }

        if (word.Length > 0) yield return word.ToString();
    }

    private static Dictionary<string, string[]> Read()
    {
        using var stream = typeof(HeaderWords).Assembly.GetManifestResourceStream("words.json")!;
        using var file = JsonDocument.Parse(stream);
        return file.RootElement.GetProperty("words").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => entry.Value.EnumerateArray().Select(word => Compact(word.GetString()!)).Distinct().ToArray(), StringComparer.Ordinal);
    }
}
