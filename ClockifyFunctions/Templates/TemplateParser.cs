using System.Text;

namespace ClockifyFunctions.Templates;

/// <summary>Parses the text of a template in one pass. The parser tracks the current context: the part of a URL, or a JSON string or value.</summary>
internal sealed class TemplateParser(
    string source, TemplateKind kind, IReadOnlyDictionary<string, Template> inputs, string jsonPath, ICollection<Problem> problems)
{
    private readonly List<Template.Part> _parts = [];
    private readonly StringBuilder _literal = new();
    private MacroPlace _place = kind switch
    {
        TemplateKind.Url => MacroPlace.Origin,
        TemplateKind.Segment => MacroPlace.Segment,
        TemplateKind.Query => MacroPlace.Query,
        TemplateKind.Header => MacroPlace.Header,
        TemplateKind.JsonBody => MacroPlace.JsonValue,
        TemplateKind.XmlBody => MacroPlace.XmlText,
        _ => MacroPlace.FormValue,
    };

    private int _slashes;
    private bool _escaped;

    private bool IsBody => kind is TemplateKind.JsonBody or TemplateKind.XmlBody or TemplateKind.FormBody;

    public Template? Parse()
    {
        var before = problems.Count;
        for (var at = 0; at < source.Length;)
        {
            if (source[at] == '{' && (!IsBody || OpensMacro(at))) at = ReadMacro(at);
            else if (source[at] == '}' && !IsBody) at = Fail(at, "'}' closes nothing; a macro begins with '{'", at + 1);
            else Literal(at++);
        }

        Flush();
        return problems.Count == before ? new Template(source, _parts) : null;
    }

    /// <summary>
    /// Returns whether a brace in a body opens a macro. Braces are common in JSON, so a single brace opens a macro only if a name follows.
    /// Two braces open a macro because valid JSON has them only inside strings.
    /// </summary>
    private bool OpensMacro(int at)
    {
        var next = at + 1 < source.Length ? source[at + 1] : ' ';
        return char.IsAsciiLetter(next) || (next == '{' && at + 2 < source.Length && source[at + 2] is not ('{' or '}' or '"'));
    }

    /// <summary>Reads one macro and returns the index at which parsing continues.</summary>
    private int ReadMacro(int at)
    {
        var doubled = at + 1 < source.Length && source[at + 1] == '{';
        var from = at + (doubled ? 2 : 1);
        var to = source.AsSpan(from).IndexOfAny('{', '}') is var length and >= 0 ? from + length : source.Length;
        var closing = doubled ? "}}" : "}";
        if (to == source.Length || !source.AsSpan(to).StartsWith(closing, StringComparison.Ordinal))
            return Fail(at, $"'{source[at..from]}' is not closed by '{closing}'", to == source.Length ? to : Math.Max(to, from));

        var after = to + closing.Length;
        if (MacroReader.Read(source[from..to], doubled, inputs, out var problem) is not { } macro) return Fail(at, problem, after);
        if (_place == MacroPlace.Origin) return Fail(at, "a macro may not stand in the scheme, host or port; those are the same for every record", after);
        if (macro is Macro.Message && !IsBody) return Fail(at, "{message.json} may stand in the body template only", after);
        Flush();
        _parts.Add(new Template.Part("", macro, _place));
        return after;
    }

    private void Literal(int at)
    {
        var letter = source[at];
        switch (kind)
        {
            case TemplateKind.Url:
                FollowUrl(at, letter);
                break;
            case TemplateKind.Header when letter is < ' ' or > '~':
                Fail(at, "a header may hold printable ASCII only", at);
                break;
            case TemplateKind.JsonBody when letter == '"' && !_escaped:
                _place = _place == MacroPlace.JsonValue ? MacroPlace.JsonString : MacroPlace.JsonValue;
                break;
        }

        _escaped = kind == TemplateKind.JsonBody && _place == MacroPlace.JsonString && letter == '\\' && !_escaped;
        _literal.Append(letter);
    }

    private void FollowUrl(int at, char letter)
    {
        // Some clients and servers treat a backslash as a slash. A fragment is never sent to the server.
        if (letter is '\\' or '#' or <= ' ' or > '~' or '"' or '<' or '>' or '^' or '`' or '|') Fail(at, $"'{letter}' may not stand in a URL; write it percent-encoded", at);
        else if (letter == '/' && _place == MacroPlace.Origin && ++_slashes == 3) _place = MacroPlace.Segment;
        else if (letter == '?') _place = MacroPlace.Query;
    }

    private void Flush()
    {
        if (_literal.Length == 0) return;
        _parts.Add(new Template.Part(_literal.ToString(), null, _place));
        _literal.Clear();
    }

    private int Fail(int at, string what, int goOn)
    {
        problems.Add(new Problem(jsonPath, $"at character {at + 1}: {what}."));
        return goOn;
    }
}
