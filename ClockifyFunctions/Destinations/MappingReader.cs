using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads a config's <c>mapping</c>.</summary>
internal sealed class MappingReader(EndpointTemplate? endpoint, ICollection<Problem> problems)
{
    private const int MostFields = 1000, MostOfASeparator = 10;

    private const string Forms = """name an attribute ("Start time"), a constant ({"value": true}), or an attribute with options ({"from": "Start", "format": "dd.MM.yyyy HH:mm"})""";

    /// <summary>The field types to which an option applies.</summary>
    private static readonly Dictionary<string, FieldType[]> Options = new(StringComparer.Ordinal)
    {
        ["format"] = [FieldType.DateTime, FieldType.Date, FieldType.Time],
        ["date"] = [FieldType.DateTime],
        ["time"] = [FieldType.DateTime],
        ["at"] = [FieldType.DateTime],
        ["unit"] = [FieldType.Duration],
        ["culture"] = [FieldType.Number, FieldType.Integer, FieldType.DateTime, FieldType.Date, FieldType.Time],
        ["split"] = [FieldType.Texts, FieldType.Ids, FieldType.Emails, FieldType.Choices],
    };

    /// <summary>The types that the mapping of a manual body may name. The fields of an endpoint have fixed types.</summary>
    private static readonly FieldType[] Types =
        [FieldType.Text, FieldType.Texts, FieldType.DateTime, FieldType.Date, FieldType.Time, FieldType.Duration, FieldType.Boolean, FieldType.Integer, FieldType.Number];

    public static List<FieldSource> Read(IReadOnlyDictionary<string, JsonElement>? mapping, EndpointTemplate? endpoint, ICollection<Problem> problems)
    {
        if (mapping is { Count: > MostFields and var count })
        {
            problems.Add(new Problem("$.mapping", $"has {count} fields; at most {MostFields} are read."));
            return [];
        }

        var reader = new MappingReader(endpoint, problems);
        return [.. (mapping ?? new Dictionary<string, JsonElement>()).Select(member => reader.Read(member.Key, member.Value)).OfType<FieldSource>()];
    }

    private FieldSource? Read(string field, JsonElement written)
    {
        var (path, known) = ($"$.mapping.{field}", endpoint?.Field(field));
        if (endpoint is { TakesBody: true } && known is null)
            Report(path, $"is not a field of '{endpoint.Title}'; it has: {string.Join(", ", endpoint.Fields.Select(one => one.Name))}.");
        else if (BrokenText.IsIn(written))
            Report(path, "contains an unpaired surrogate, which is not Unicode text.");
        else if (written.ValueKind == JsonValueKind.String && Attribute(written, path) is { } attribute)
            return new FieldSource(field, attribute, null, default, known, ValueOptions.None);
        else if (written.ValueKind == JsonValueKind.Object && written.TryGetProperty("value", out var value) && written.EnumerateObject().Count() == 1)
            return new FieldSource(field, null, null, value, known, ValueOptions.None);
        else if (written.ValueKind == JsonValueKind.Object)
            return ReadOptions(field, written, path, known);
        else if (written.ValueKind != JsonValueKind.String)
            Report(path, $"names no attribute; {Forms}.");
        return null;
    }

    private FieldSource? ReadOptions(string field, JsonElement written, string path, TemplateField? known)
    {
        var before = problems.Count;
        var (from, date, time) = (Member("from"), Member("date"), Member("time"));
        if (from is null == date is null) Report(path, $"names no attribute, or two; {Forms}, or {{\"date\": \"Day\", \"time\": \"From\"}}.");
        if (time is not null && date is null) Report($"{path}.time", "belongs to date; write {\"date\": \"Day\", \"time\": \"From\"}.");
        if (time is not null && Member("at") is not null) Report($"{path}.at", "is for a date without a time, and time names the attribute that has it; leave one of the two out.");
        known ??= endpoint is null ? ReadType(written, path, field) : null;
        foreach (var member in written.EnumerateObject())
        {
            var isOption = Options.TryGetValue(member.Name, out var types);
            if (member.Name == "type" && endpoint is not null) Report($"{path}.type", $"is for manual configuration; '{field}' of '{endpoint.Title}' is {Name(known?.Type ?? default)}.");
            else if (!isOption && member.Name is not ("from" or "type")) Report($"{path}.{member.Name}", $"is unknown; use from, {string.Join(", ", Options.Keys)}{(endpoint is null ? ", type" : "")}, or value alone.");
            else if (isOption && known is not null && !types!.Contains(known.Type)) Report($"{path}.{member.Name}", $"is for {string.Join(", ", types!.Select(Name))}, and '{field}' is {Name(known.Type)}; leave it out.");
        }

        var culture = ReadCulture(Text("culture"), $"{path}.culture");
        var options = new ValueOptions(
            ReadFormat(Member("format"), $"{path}.format", culture, known), ReadTime(Member("at"), $"{path}.at"), ReadUnit(Text("unit"), $"{path}.unit"), culture is null ? null : new NumberCulture(culture), ReadSplit(Member("split"), $"{path}.split"));
        var source = new FieldSource(field, Attribute(from ?? date, $"{path}.{(from is null ? "date" : "from")}"), Attribute(time, $"{path}.time"), default, known, options);
        if (culture is not null && options.Format is null && known is not { Type: FieldType.Number or FieldType.Integer }) Report($"{path}.culture", "is the language of format for dates and times; add format, or leave culture out.");
        CheckTimeOfDay(source, path);
        return problems.Count == before ? source : null;

        JsonElement? Member(string name) => written.TryGetProperty(name, out var value) ? value : null;

        string? Text(string name) => Member(name) is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;
    }

    private void CheckTimeOfDay(FieldSource source, string path)
    {
        if (source is not { Type.Type: FieldType.DateTime, Options.Format: { } format }) return;
        if (format.HasTime && source.Options.At is not null) Report($"{path}.at", $"is for a date without a time, and '{format.Text}' has one; leave one of the two out.");
        if (!format.HasTime && source.Options.At is null && source.Type.At is null) Report($"{path}.format", $"'{format.Text}' has no time of day; add it, or say \"at\": \"09:00\".");
    }

    /// <summary>Returns the type in <c>type</c>, or the type to which the first option applies.</summary>
    private TemplateField? ReadType(JsonElement written, string path, string field)
    {
        FieldType? type = Options.FirstOrDefault(option => written.TryGetProperty(option.Key, out _)).Value?[0];
        if (written.TryGetProperty("type", out var named))
        {
            type = Types.Where(one => named.ValueKind == JsonValueKind.String && Name(one) == named.GetString()).Cast<FieldType?>().FirstOrDefault();
            if (type is null) Report($"{path}.type", $"{named.GetRawText()} is unknown; use {string.Join(", ", Types.Select(Name))}.");
        }

        return type is { } known ? new TemplateField(field, known, "") : null;
    }

    private AttributePath? Attribute(JsonElement? written, string path)
    {
        if (written is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && AttributePath.IsValid(value.GetString()!)) return new AttributePath(value.GetString()!);
        Report(path, $"{value.GetRawText()} names no attribute.");
        return null;
    }

    private DateFormat? ReadFormat(JsonElement? written, string path, CultureInfo? culture, TemplateField? known)
    {
        if (written is not { } value) return null;
        if (DateFormat.TryCreate(value.ValueKind == JsonValueKind.String ? value.GetString()! : "", culture, known?.Type == FieldType.Time, out var format, out var problem)) return format;
        Report(path, problem);
        return null;
    }

    private TimeOnly? ReadTime(JsonElement? written, string path)
    {
        if (written is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && TimeOnly.TryParseExact(value.GetString(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return at;
        Report(path, $"{value.GetRawText()} is not a time of day; write \"09:00\".");
        return null;
    }

    private DurationUnit? ReadUnit(string? written, string path) => written is null ? null : Choices.Read(written, DurationUnit.Hours, path, problems);

    private CultureInfo? ReadCulture(string? written, string path)
    {
        try
        {
            if (written is not (null or "")) return CultureInfo.GetCultureInfo(written, predefinedOnly: true);
        }
        catch (CultureNotFoundException)
        {
            // The error is reported below.
        }

        if (written is not null) Report(path, $"'{written}' is unknown; write a language or a language and a country, for example de or de-CH.");
        return null;
    }

    private string? ReadSplit(JsonElement? written, string path)
    {
        if (written is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= MostOfASeparator } split) return split;
        Report(path, $"is not a separator of 1 to {MostOfASeparator} characters; write for example \",\".");
        return null;
    }

    private static string Name(FieldType type) => JsonNamingPolicy.CamelCase.ConvertName(type.ToString());

    private void Report(string path, string message) => problems.Add(new Problem(path, message));
}
