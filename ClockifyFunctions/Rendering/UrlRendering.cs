using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>From a URL template to an address. Checks what encoding alone cannot promise, however the values came about.</summary>
internal static class UrlRendering
{
    /// <summary>The address with every macro standing for <c>x</c>: tells what will be the same for every record.</summary>
    public static bool TrySample(Template url, [NotNullWhen(true)] out Uri? sample, out string problem)
    {
        var text = string.Concat(url.Parts.Select(part => part.Macro is null ? part.Literal : "x"));
        problem = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out sample) || sample.Scheme is not ("http" or "https") || sample.Host.Length == 0)
            problem = "is no absolute http(s) URL.";
        else if (HasDots(text) || Segments(sample.AbsolutePath) != Segments(PathOf(text)))
            problem = "holds a '.' or '..' segment; write the path without.";
        return problem.Length == 0;
    }

    /// <summary>The address for a record, or null and the reasons why the record is refused.</summary>
    public static Uri? Render(Template url, in RenderContext context, ICollection<Problem> refusals)
    {
        if (url.Evaluate(context, refusals) is not { } text) return null;
        if (!HasDots(text) && TrySample(url, out var sample, out _) && Uri.TryCreate(text, UriKind.Absolute, out var address)
            && Uri.Compare(address, sample, UriComponents.SchemeAndServer | UriComponents.UserInfo, UriFormat.UriEscaped, StringComparison.Ordinal) == 0
            && Segments(address.AbsolutePath) == Segments(sample.AbsolutePath) && address.Fragment.Length == 0)
            return address;
        refusals.Add(new Problem("$", "A value would change the path of the URL ('.', '..' or nothing where a name must stand)."));
        return null;
    }

    /// <summary>Such segments are resolved on the way, so the call would go elsewhere.</summary>
    private static bool HasDots(string text) =>
        PathOf(text).Split('/').Any(segment => segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");

    private static string PathOf(string text)
    {
        var origin = text.IndexOf("://", StringComparison.Ordinal);
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var withoutQuery = query < 0 ? text : text[..query];
        var path = origin < 0 || origin + 3 > withoutQuery.Length ? -1 : withoutQuery.IndexOf('/', origin + 3);
        return path < 0 ? "/" : withoutQuery[path..];
    }

    private static int Segments(string path) => path.Count(letter => letter == '/');
}
