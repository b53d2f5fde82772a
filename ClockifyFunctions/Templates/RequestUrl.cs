using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ClockifyFunctions.Templates;

/// <summary>
/// The URL of a destination's requests. For each record, the class checks that no value changes the origin or the number of path segments,
/// because encoding alone does not prevent that. A URL that is the same for every record is built once.
/// </summary>
internal sealed class RequestUrl
{
    /// <summary>Characters that <see cref="Uri"/> does not change anywhere in a URL, except in the path segments <c>.</c> and <c>..</c>.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/?&=");

    /// <summary>Maximum length of a URL: twice the limit of most servers. The limit also bounds the response event, which contains the URL.</summary>
    private const int MostCharacters = 16 * 1024;

    private readonly Template _template;
    private readonly int _segments;

    /// <summary>Scheme, host and port, with the following slash or question mark.</summary>
    private readonly string _origin;

    /// <summary>The URL if it depends neither on the record nor on the time; otherwise null.</summary>
    private readonly Uri? _same;

    private RequestUrl(Template template, Uri sample, string text)
    {
        (_template, Sample, _segments) = (template.Folded(), sample, Segments(sample.AbsolutePath));
        _origin = text[..(text.AsSpan(AfterScheme(text)).IndexOfAny('/', '?') is var end and >= 0 ? AfterScheme(text) + end + 1 : text.Length)];
        var refusals = new List<Problem>();
        if (template.IsConstant && Render(default, refusals) is { } same && refusals.Count == 0) _same = same;
    }

    /// <summary>The attributes of the record that the URL uses.</summary>
    public IEnumerable<AttributePath> Attributes => _template.Attributes;

    /// <summary>Whether the URL is the same for all records.</summary>
    public bool IsConstant => _same is not null;

    /// <summary>The URL with <c>x</c> in place of every macro.</summary>
    public Uri Sample { get; }

    public static bool TryCreate(Template template, [NotNullWhen(true)] out RequestUrl? url, out string problem)
    {
        var text = string.Concat(template.Parts.Select(part => part.Macro is null ? part.Literal : "x"));
        problem = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var sample) || sample.Scheme is not ("http" or "https") || sample.Host.Length == 0)
            problem = "is not an absolute http(s) URL.";
        else if (HasDots(text) || Segments(sample.AbsolutePath) != Segments(PathOf(text)))
            problem = "holds a '.' or '..' segment; write the path without.";
        url = problem.Length == 0 ? new RequestUrl(template, sample!, text) : null;
        return url is not null;
    }

    /// <summary>Returns the URL for a record. If the record is refused, returns null and adds the reasons to <paramref name="refusals"/>.</summary>
    public Uri? Render(in RenderContext context, ICollection<Problem> refusals)
    {
        if (_same is not null) return _same;
        if (_template.Evaluate(context, refusals) is not { } text) return null;
        if (text.Length > MostCharacters)
        {
            refusals.Add(new Problem("$", string.Create(CultureInfo.InvariantCulture, $"Its URL has {text.Length} characters; hardly any server takes more than {MostCharacters}. Send the value in the body.")));
            return null;
        }

        if (text.StartsWith(_origin, StringComparison.Ordinal) && !text.Contains('#', StringComparison.Ordinal) && !HasDots(text)
            && Uri.TryCreate(text, UriKind.Absolute, out var address) && Segments(IsPlain(text) ? PathOf(text) : address.AbsolutePath) == _segments) return address;
        refusals.Add(new Problem("$", "A value would change the path of the URL ('.', '..' or nothing where a name must stand)."));
        return null;
    }

    /// <summary>Returns whether <see cref="Uri"/> keeps the path as it is written. The URL then need not be parsed for the check.</summary>
    private bool IsPlain(string text) => !text.AsSpan(_origin.Length).ContainsAnyExcept(Plain);

    /// <summary>Returns whether the path has a segment <c>.</c> or <c>..</c>. Clients and servers resolve such segments, so the call would reach another path.</summary>
    private static bool HasDots(string text)
    {
        var path = PathOf(text);
        if (!path.ContainsAny('.', '%')) return false;
        foreach (var range in path.Split('/'))
            if (IsDots(path[range])) return true;
        return false;
    }

    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        for (; segment.Length > 0; dots++)
        {
            if (segment[0] == '.') segment = segment[1..];
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase)) segment = segment[3..];
            else return false;
        }

        return dots is 1 or 2;
    }

    private static ReadOnlySpan<char> PathOf(ReadOnlySpan<char> text)
    {
        var query = text.IndexOf('?');
        var withoutQuery = query < 0 ? text : text[..query];
        var host = AfterScheme(withoutQuery);
        var path = withoutQuery[host..].IndexOf('/');
        return path < 0 ? "/" : withoutQuery[(host + path)..];
    }

    private static int AfterScheme(ReadOnlySpan<char> text) => text.IndexOf("://", StringComparison.Ordinal) is var colon and >= 0 ? colon + 3 : 0;

    private static int Segments(ReadOnlySpan<char> path) => path.Count('/');
}
