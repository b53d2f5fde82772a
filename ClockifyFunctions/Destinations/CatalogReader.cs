using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// Reads a file of the catalog, which a test checks against its schema. It uses no serializer, because a serializer for these types compiles about a
/// thousand methods when the first record arrives. It does not read members that no code uses.
/// </summary>
internal static class CatalogReader
{
    public static EndpointTemplate[] Endpoints(JsonElement file)
    {
        var group = Text(file, "group")!;
        return List(file, "endpoints", endpoint => Endpoint(endpoint, group));
    }

    /// <summary>Reads the file <c>lookups.json</c>.</summary>
    public static IEnumerable<Lookup> Lookups(JsonElement file) => file.GetProperty("lookups").EnumerateObject().Select(member => Lookup(member.Name, member.Value));

    private static Lookup Lookup(string name, JsonElement of) => new(name, Text(of, "title")!, Text(of, "list"))
    {
        IsSearch = Text(of, "method") == "POST",
        At = Text(of, "at"),
        By = Texts(of, "by"),
        Within = Texts(of, "within").FirstOrDefault(),
        Query = Text(of, "query"),
        QueryParam = Text(of, "queryParam"),
        BodyParam = Text(of, "bodyParam"),
        Exact = Text(of, "exact"),
        Unpaged = Flag(of, "unpaged"),
        Single = Flag(of, "single"),
        LargestPage = (int)(Number(of, "largestPage") ?? 200),
        Says = Text(of, "says"),
        SaysMany = Text(of, "saysMany"),
        Unique = Flag(of, "unique"),
        Archived = One(of, "archived", rule => new ArchivedRule(Text(rule, "field")!, Text(rule, "is")!)),
        ArchivedIsRefused = Flag(of, "archivedIsRefused"),
        Create = Text(of, "create"),
        Restore = One(of, "restore", Archive),
        ItemValues = One(of, "itemValues", rule => new ItemValueRule(Text(rule, "type")!, Text(rule, "choices")!, rule.GetProperty("types").EnumerateObject().ToDictionary(type => type.Name, type => Enum.Parse<FieldType>(type.Value.GetString()!, ignoreCase: true), StringComparer.Ordinal))),
    };

    private static EndpointTemplate Endpoint(JsonElement of, string group) => new()
    {
        Name = Text(of, "name")!,
        Title = Text(of, "title")!,
        Group = group,
        Tier = Choice<Tier>(of, "tier"),
        Description = Text(of, "description")!,
        Instructions = Text(of, "instructions")!,
        Verb = Text(of, "method")!,
        Path = Text(of, "path")!,
        Inputs = List(of, "inputs", input => Field(input, FieldType.Id)),
        Id = One(of, "id", input => Field(input, FieldType.Id)),
        Format = Choice<ContentFormat>(of, "format"),
        ListBody = Flag(of, "listBody"),
        Answer = Choice<AnswerShape>(of, "answer"),
        Repeat = Choice<Repeatability>(of, "repeat"),
        Object = Text(of, "object")!,
        ReadBack = One(of, "readBack", rule => new ReadBackRule(Text(rule, "list")!, List(rule, "same", same => new SameRule(Text(same, "sent")!, Text(same, "found")!, Choice<SameKind>(same, "as"))), Text(rule, "at"), Flag(rule, "unpaged"))),
        Read = One(of, "read", rule => new ReadRule(Text(rule, "list"), Text(rule, "at"), Flag(rule, "unpaged"))),
        Merge = of.TryGetProperty("merge", out _) ? List(of, "merge", rule => new MergeRule(Text(rule, "field")!, Text(rule, "path")!, Number(rule, "scale") ?? 1)) : null,
        Archive = One(of, "archive", Archive),
        Feature = Text(of, "feature"),
        AdminOnly = Flag(of, "adminOnly"),
        Secrets = Texts(of, "secrets"),
        Fields = List(of, "fields", field => Field(field)),
        Lost = List(of, "lost", lost => new LostField(Text(lost, "name")!, Text(lost, "remedy")!)),
        Example = of.GetProperty("example").Clone(),
    };

    private static ArchiveRule Archive(JsonElement rule) => new(Text(rule, "endpoint")!, rule.GetProperty("set").Clone());

    /// <param name="type">The type of the field if the JSON contains none.</param>
    private static TemplateField Field(JsonElement of, FieldType type = default) => new(Text(of, "name") ?? "id", Choice(of, "type", type), Text(of, "description")!)
    {
        Title = Text(of, "title") ?? "",
        From = Text(of, "from"),
        Query = Flag(of, "query"),
        Required = Flag(of, "required"),
        Timer = Flag(of, "timer"),
        At = Text(of, "at") is { } at ? TimeOnly.ParseExact(at, "HH:mm", CultureInfo.InvariantCulture) : null,
        Adds = One(of, "adds", rule => new AddsRule(Text(rule, "to")!, Text(rule, "gives")!)),
        MinLength = (int)(Number(of, "minLength") ?? 0),
        MaxLength = (int)(Number(of, "maxLength") ?? int.MaxValue),
        Minimum = Number(of, "minimum"),
        Maximum = Number(of, "maximum"),
        Unit = of.TryGetProperty("unit", out _) ? Choice<MoneyUnit>(of, "unit") : null,
        Default = of.TryGetProperty("default", out var value) ? value.Clone() : null,
        Values = Texts(of, "values"),
        Forbidden = Text(of, "forbidden") ?? "",
        RefersTo = Text(of, "refersTo"),
        Says = Text(of, "says"),
        Lists = of.TryGetProperty("lists", out var lists) ? lists.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetString()!) : TemplateField.ListsNone,
        Fields = List(of, "fields", field => Field(field)),
    };

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool Flag(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.GetBoolean();

    private static decimal? Number(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetDecimal() : null;

    private static T Choice<T>(JsonElement of, string name, T fallback = default)
        where T : struct, Enum => of.TryGetProperty(name, out var value) ? (T)Enum.Parse(typeof(T), value.GetString()!, ignoreCase: true) : fallback;

    private static string[] Texts(JsonElement of, string name) => List(of, name, item => item.GetString()!);

    private static T? One<T>(JsonElement of, string name, Func<JsonElement, T> read)
        where T : class => of.TryGetProperty(name, out var value) ? read(value) : null;

    private static T[] List<T>(JsonElement of, string name, Func<JsonElement, T> read)
        where T : class
    {
        if (!of.TryGetProperty(name, out var list)) return [];
        var (items, next) = (new T[list.GetArrayLength()], 0);
        foreach (var item in list.EnumerateArray()) items[next++] = read(item);
        return items;
    }
}
