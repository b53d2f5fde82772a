using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>A JSON object whose known members have the right JSON type. Unknown members are ignored, and null is the same as a missing member.</summary>
internal sealed class Body
{
    // Refuse duplicate members when the body is parsed. The behavior of the service is unknown, and the app sends no duplicates.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly JsonObject members;

    private Body(JsonObject members) => this.members = members;

    /// <summary>Several of them in a list.</summary>
    public static (IReadOnlyList<Body>? Bodies, Answer? Refused) ParseList(string text, IReadOnlyDictionary<string, MemberKind> known)
    {
        JsonArray? list;
        try
        {
            list = JsonNode.Parse(text, documentOptions: Strict) as JsonArray;
        }
        catch (JsonException wrong)
        {
            return (null, ParseError(wrong.Message));
        }

        if (list is null)
            return (null, ParseError("Cannot deserialize value of type `java.util.ArrayList` from the root value"));
        var bodies = new List<Body>();
        foreach (var item in list)
        {
            var (body, refused) = Parse(item?.ToJsonString() ?? "null", known);
            if (body is null)
                return (null, refused);
            bodies.Add(body);
        }

        return (bodies, null);
    }

    /// <summary>Either a body or the refusal to answer with.</summary>
    public static (Body? Body, Answer? Refused) Parse(string text, IReadOnlyDictionary<string, MemberKind> known)
    {
        if (text.Length == 0)
            return (null, Answer.Error(400, 3002, "Required request body is missing"));

        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text, documentOptions: Strict);
        }
        catch (JsonException wrong)
        {
            return (null, ParseError(wrong.Message));
        }

        if (node is not JsonObject members)
            return (null, ParseError("Cannot deserialize value of this type from the root value"));

        foreach (var (name, kind) in known)
        {
            if (members[name] is { } value && !Fits(value, kind))
            {
                return (null, kind == MemberKind.Instant
                    ? Answer.Invalid(
                        $"You entered invalid value for field: [{name}]. Required format is yyyy-MM-ddThh:mm:ssZ.")
                    : ParseError($"Cannot deserialize value of field `{name}` as {kind}"));
            }
        }

        return (new Body(members), null);
    }

    public bool Has(string name) => members[name] is not null;

    public string? Text(string name) => (members[name] as JsonValue)?.ToString();

    public bool? Flag(string name) => Text(name) is { } text ? bool.Parse(text) : null;

    public long? Number(string name) => members[name]?.GetValue<long>();

    public decimal? Decimal(string name) => members[name]?.GetValue<decimal>();

    public DateTimeOffset? Instant(string name) => Text(name) is { } text ? Timestamps.Parse(text) : null;

    public JsonNode? Node(string name) => members[name]?.DeepClone();

    public JsonObject? Object(string name) => members[name]?.DeepClone() as JsonObject;

    public JsonArray? List(string name) => members[name]?.DeepClone() as JsonArray;

    public IReadOnlyList<string>? Texts(string name) =>
        members[name] is JsonArray list ? [.. list.Select(item => item?.ToString() ?? "")] : null;

    private static Answer ParseError(string detail) => Answer.Error(400, 3002, $"JSON parse error: {detail}");

    // Numbers and booleans are taken for text, and the texts true and false for booleans, as Jackson does.
    private static bool Fits(JsonNode value, MemberKind kind) => kind switch
    {
        MemberKind.Text => value is JsonValue,
        MemberKind.Instant => value.GetValueKind() == JsonValueKind.String && Timestamps.Parse(value.ToString()) is not null,
        MemberKind.Flag => value is JsonValue && bool.TryParse(value.ToString(), out _),
        MemberKind.Number => value is JsonValue number && number.TryGetValue<long>(out _),
        MemberKind.Decimal => value is JsonValue number && number.TryGetValue<decimal>(out _),
        MemberKind.List => value is JsonArray,
        _ => value is JsonObject,
    };
}
