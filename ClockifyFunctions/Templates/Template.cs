using System.Runtime.CompilerServices;
using System.Text;

namespace ClockifyFunctions.Templates;

/// <summary>Text with macros. The text is parsed once when the destination is created. A text with errors does not become a template.</summary>
internal sealed class Template(string source, IReadOnlyList<Template.Part> parts)
{
    /// <summary>
    /// Maximum number of bytes of a body. Without this limit, a template that repeats a record, or a mapping that repeats an attribute, could
    /// exhaust the memory.
    /// </summary>
    public const int MostBytes = 10 << 20;

    public static readonly Problem TooLarge = new("$", $"The request body would have more than {MostBytes >> 20} MB; send less of the record, or change the template.");

    private const int CharsOnStack = 256;

    /// <summary>The text as a person wrote it.</summary>
    public string Source { get; } = source;

    public IReadOnlyList<Part> Parts { get; } = parts;

    /// <summary>Whether the template gives the same text for every record.</summary>
    public bool IsConstant => Parts.All(part => part.Macro is null or Macro.Input { Value.IsConstant: true });

    /// <summary>Whether the template contains the macro for the whole payload.</summary>
    public bool HoldsMessage { get; } = parts.Any(part => part.Macro is Macro.Message);

    /// <summary>The attributes of the record that the template uses.</summary>
    public IEnumerable<AttributePath> Attributes => Parts.SelectMany(part => part.Macro switch
    {
        Macro.Attribute attribute => [attribute.Path],
        Macro.Input input => input.Value.Attributes,
        _ => Enumerable.Empty<AttributePath>(),
    });

    /// <summary>Returns an equivalent template in which inputs with constant values are replaced by text.</summary>
    public Template Folded()
    {
        var folded = new List<Part>();
        foreach (var part in Parts)
        {
            var literal = part.Macro is null ? part.Literal : part.Macro is Macro.Input { Value.IsConstant: true } ? new Template(Source, [part]).Evaluate(default, []) : null;
            if (literal is null) folded.Add(part);
            else if (folded is [.., { Macro: null } last]) folded[^1] = last with { Literal = last.Literal + literal };
            else folded.Add(new Part(literal, null, part.Place));
        }

        return new Template(Source, folded);
    }

    /// <summary>Creates a template from a text whose braces are not read as macros.</summary>
    public static Template Constant(string text) => new(text, [new Part(text, null, default)]);

    /// <summary>Creates a template that consists of one macro.</summary>
    public static Template Of(Macro macro, TemplateKind kind = TemplateKind.Segment) => new("", [new Part("", macro, kind == TemplateKind.Query ? MacroPlace.Query : MacroPlace.Segment)]);

    public static Template Of(AttributePath attribute) => Of(new Macro.Attribute(attribute));

    /// <summary>Parses a text. <paramref name="problems"/> receives every error with its position.</summary>
    public static Template? Parse(
        string source, TemplateKind kind, IReadOnlyDictionary<string, Template> inputs, string jsonPath, ICollection<Problem> problems) =>
        new TemplateParser(source, kind, inputs, jsonPath, problems).Parse();

    /// <summary>Returns the text for a record. If the record is refused, returns null and adds the reasons to <paramref name="refusals"/>.</summary>
    /// <param name="message">The value of the macro <c>{message.json}</c>.</param>
    public string? Evaluate(in RenderContext context, ICollection<Problem> refusals, string message = "")
    {
        var before = refusals.Count;
        var text = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[CharsOnStack]);
        var length = 0L;
        for (var index = 0; index < Parts.Count; index++)
        {
            var part = Parts[index];
            var value = part.Macro is { } macro ? ValueOf(macro, part.Place, context, refusals, message) : part.Literal;
            if ((length += value?.Length ?? 0) > Template.MostBytes)
            {
                refusals.Add(Template.TooLarge);
                break;
            }

            text.AppendFormatted(value);
        }

        var whole = text.ToStringAndClear();
        return refusals.Count == before ? whole : null;
    }

    private static string? ValueOf(Macro macro, MacroPlace place, in RenderContext context, ICollection<Problem> refusals, string message)
    {
        switch (macro)
        {
            case Macro.Attribute attribute:
                return AttributeValue(attribute.Path, place, context, refusals);
            case Macro.Message:
                return place is MacroPlace.JsonString ? place.Encode(message) : message; // Elsewhere it is already written in the body's format.
            case Macro.Now now:
                return now.Text(context, refusals) is { } time ? place.Encode(time) : null;
            case Macro.Input input:
                var before = refusals.Count;
                var value = input.Value.EvaluateRaw(context, refusals);
                if (value is null || refusals.Count > before) return null;
                if (place.Refuse(value) is { } reason) refusals.Add(new Problem("$", $"The input '{input.Name}' {reason}."));
                return place.Encode(value);
            default:
                throw new ArgumentOutOfRangeException(nameof(macro));
        }
    }

    /// <summary>Returns the text for a record without encoding. The template that contains the text encodes it as one value.</summary>
    public string? EvaluateRaw(in RenderContext context, ICollection<Problem> refusals)
    {
        if (Parts is [var only]) return RawValueOf(only, context, refusals);
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            if (RawValueOf(part, context, refusals) is not { } value) return null;
            text.Append(value);
        }

        return text.ToString();
    }

    private static string? RawValueOf(in Part part, in RenderContext context, ICollection<Problem> refusals)
    {
        switch (part.Macro)
        {
            case null:
                return part.Literal;
            case Macro.Now now:
                return now.Text(context, refusals);
            case Macro.Reference reference:
                return Ids(reference, context, refusals);
            case Macro.Attribute { Path: var path } when Scalar(path, part.Place, context, refusals) is { } scalar:
                if (part.Place.Refuse(scalar) is { } reason) refusals.Add(new Problem(path.JsonPath, $"{reason}."));
                return scalar;
            default:
                return null;
        }
    }

    private static string? Ids(Macro.Reference reference, in RenderContext context, ICollection<Problem> refusals)
    {
        if (context.Resolved.Ids.TryGetValue(reference.Name, out var ids)) return string.Join(',', ids);
        refusals.Add(new Problem($"$.references.{reference.Name}", "finds nothing in the record, and the request cannot be addressed without it; give every record the attribute that it names."));
        return null;
    }

    private static string? Scalar(AttributePath path, MacroPlace place, in RenderContext context, ICollection<Problem> refusals)
    {
        if (!path.TryFind(context.Record, out var value))
            refusals.Add(new Problem(path.JsonPath, "is missing, and the request cannot be addressed without it; give every record this attribute or name another one."));
        else if (place == MacroPlace.Query && Macro.TryList(value, out var list))
            return list;
        else if (!Macro.TryScalar(value, out var text))
            refusals.Add(new Problem(path.JsonPath, $"is {Kinds.Name(value.ValueKind)}, and the request cannot be addressed with it; it must be text, a number, true or false."));
        else
            return text;
        return null;
    }

    private static string? AttributeValue(AttributePath path, MacroPlace place, in RenderContext context, ICollection<Problem> refusals)
    {
        if (place.NeedsValue())
        {
            if (Scalar(path, place, context, refusals) is not { } scalar) return null;
            if (place.Refuse(scalar) is { } reason) refusals.Add(new Problem(path.JsonPath, $"{reason}."));
            return place.Encode(scalar);
        }

        // In a body, a missing attribute is no error. It becomes null in place of a JSON value, and an empty text elsewhere.
        if (!(context.Payload is { } payload && path.TryFind(payload, out var value)) && !path.TryFind(context.Record, out value)) return place == MacroPlace.JsonValue ? "null" : "";
        if (place == MacroPlace.JsonValue) return value.GetRawText();
        return place.Encode(Macro.TryScalar(value, out var text) ? text : value.ValueKind == System.Text.Json.JsonValueKind.Null ? "" : value.GetRawText());
    }

    /// <summary>A literal text, or a macro and the place of its value.</summary>
    internal readonly record struct Part(string Literal, Macro? Macro, MacroPlace Place);
}
