using System.IO.Hashing;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads the rules for linking records by a key, for <c>sync</c> and for <c>dedupeBy</c>.</summary>
internal static class LinkReader
{
    private const int DefaultDays = 7, MostDays = 366;

    public static Destination? Read(string id, DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials, ProblemList problems)
    {
        foreach (var (name, isSet) in SyncReader.Members(config))
            if (isSet) problems.Add(new Problem($"$.{name}", "is for destinations with sync; leave it out, or write sync instead of endpoint."));
        if (config.DedupeDays is not null && config.DedupeBy is null) problems.Add(new Problem("$.dedupeDays", "needs dedupeBy."));
        var days = Ranges.Read(config.DedupeDays, DefaultDays, 1, MostDays, "$.dedupeDays", problems);
        var key = config.DedupeBy is { } text ? ReadKey(text, "$.dedupeBy", problems) : null;
        var endpoint = EndpointTemplate.Find(config.Endpoint);
        if (key is not null && endpoint is not null) config = config with { ExcludeAttributes = [.. config.ExcludeAttributes ?? [], .. NotSent(key, endpoint)] };
        var reader = new DestinationReader(id, config, credentials) { Links = key is null ? null : new LinkRules(key, ConfigHash: 0) { DedupeFor = TimeSpan.FromDays(days) } };
        var destination = reader.Read();
        problems.AddRange(reader.Problems);
        return problems.Count == 0 ? destination : null;
    }

    /// <summary>An attribute path, or a text with macros for attributes.</summary>
    public static Template? ReadKey(string text, string path, ICollection<Problem> problems)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
        {
            if (AttributePath.IsValid(text)) return new Template(text, [new Template.Part("", new Macro.Attribute(new AttributePath(text)), MacroPlace.JsonString)]);
            problems.Add(new Problem(path, $"'{text}' names no attribute."));
            return null;
        }

        var key = Template.Parse(text, TemplateKind.Query, new Dictionary<string, Template>(), path, problems);
        if (key is null || (key.Parts.All(part => part.Macro is null or Macro.Attribute) && key.Parts.Any(part => part.Macro is not null))) return key;
        problems.Add(new Problem(path, $"'{text}' is not a key: it needs an attribute, such as {{record.id}}, and may hold no other macros."));
        return null;
    }

    /// <summary>Returns the attributes of a key that are no fields of the endpoint. They are not sent.</summary>
    public static IEnumerable<string> NotSent(Template key, EndpointTemplate endpoint) =>
        key.Parts.Select(part => part.Macro).OfType<Macro.Attribute>().Select(macro => RootOf(macro.Path.Text)).Where(name => endpoint.Field(name) is null).Distinct();

    /// <summary>The top-level attribute of a path.</summary>
    public static string RootOf(string path) => path.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? path[..dot] : path;

    /// <summary>A hash of the members that affect rendering.</summary>
    public static UInt128 HashOf(DestinationConfig config) => XxHash128.HashToUInt128(JsonSerializer.SerializeToUtf8Bytes(
        config with
        {
            Schema = null,
            Credential = null,
            Mode = null,
            Adopt = null,
            Vanished = null,
            DeleteAfterDays = null,
            Limits = null,
            Gone = null,
            OnDoubleKey = null,
            GraceMinutes = null,
            Drift = null,
            Responses = null,
            Validation = null,
            OnUnknown = null,
            Retry = null,
        },
        DestinationJson.Web.DestinationConfig));
}
