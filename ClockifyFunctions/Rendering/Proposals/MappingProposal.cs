using System.Text.Json.Nodes;
using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering.Proposals;

/// <summary>Proposes a mapping for a file: a part of a config, and the decisions that a person must make. Pure.</summary>
/// <param name="Targets">Maps each attribute to its target. Attributes without a target are not included.</param>
/// <param name="LeftOver">Attributes without a target. A person must map or exclude them.</param>
/// <param name="Missing">Required fields of the endpoint for which the file has no column.</param>
/// <param name="Questions">Questions that the values do not answer.</param>
internal sealed record MappingProposal(
    IReadOnlyDictionary<string, string> Targets, JsonObject Mapping, JsonObject References, JsonObject Inputs, string? IdFrom, string? Key, IReadOnlyList<string> Exclude,
    IReadOnlyList<string> LeftOver, IReadOnlyList<string> Missing, IReadOnlyList<string> Questions)
{
    /// <summary>Default start time if a file has a date but no time of day. The console shows it, so a person can change it.</summary>
    private const string BeginOfWork = "09:00";

    /// <inheritdoc cref="ColumnMatch.Of"/>
    public static MappingProposal Of(IReadOnlyList<SampleColumn> columns, EndpointTemplate endpoint, IReadOnlyList<MappingTarget> targets, IReadOnlyDictionary<string, string> choices)
    {
        var matched = ColumnMatch.Of(columns, targets, choices);
        var byTarget = columns.Where(column => matched.ContainsKey(column.Attribute)).GroupBy(column => matched[column.Attribute]).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        var questions = new List<string>();
        var mapping = new JsonObject();
        foreach (var target in targets)
            if (target.Field is { } field && MapField(field, byTarget, questions) is { } source) mapping[field.Name] = source;
        var references = new JsonObject();
        foreach (var target in targets)
            if (target.Id == $"references.{target.Name}" && byTarget.TryGetValue(target.Id, out var column)) references[target.Name] = MapReference(target, column, byTarget);
        var inputs = new JsonObject();
        foreach (var target in targets)
            if (target.Id.StartsWith("inputs.", StringComparison.Ordinal) && byTarget.TryGetValue(target.Id, out var column) && column.Attribute != target.Name) inputs[target.Id["inputs.".Length..]] = Macro(column);
        return new MappingProposal(
            matched, mapping, references, inputs, byTarget.TryGetValue(MappingTargets.IdFrom, out var id) && id.Attribute != endpoint.Id!.From ? id.Attribute : null, byTarget.TryGetValue(MappingTargets.Key, out var key) ? Macro(key) : null,
            [.. matched.Where(match => match.Value == ColumnMatch.Exclude).Select(match => match.Key)],
            [.. columns.Select(column => column.Attribute).Where(attribute => !matched.ContainsKey(attribute))], NotGiven(endpoint, targets, byTarget), questions);
    }

    private static string Macro(SampleColumn column) => $"{{record.{column.Attribute}}}";

    /// <summary>Returns the mapping of a field. Returns null if the field has no column, or if the attribute with its name is sent unchanged.</summary>
    private static JsonNode? MapField(TemplateField field, Dictionary<string, SampleColumn> byTarget, List<string> questions)
    {
        var (own, date) = (byTarget.GetValueOrDefault($"mapping.{field.Name}"), byTarget.GetValueOrDefault($"mapping.{field.Name}.date"));
        if (field.Type == FieldType.DateTime && own?.Dates is { HasDate: false }) date ??= byTarget.GetValueOrDefault("mapping.start.date");
        if ((own ?? date) is not { } column) return null;
        foreach (var unclear in new[] { own, date }.OfType<SampleColumn>().Where(one => one.Dates is { IsAmbiguous: true }))
            questions.Add($"{unclear.Attribute}: '{unclear.Values[0]}' can be read with the day or the month first; add \"format\": \"dd/MM/yyyy\" or \"MM/dd/yyyy\" to mapping.{field.Name}.");
        if (own is not null && date is not null) return Pair(own, date);
        var options = new JsonObject();
        if (field.Type is FieldType.DateTime or FieldType.Date or FieldType.Time && column.Dates?.Format is { } format && (field.Type != FieldType.Time || format is not ("HH:mm" or "HH:mm:ss"))) options["format"] = format;
        if (field.Type == FieldType.DateTime && field.At is null && column.Dates is { HasTime: false }) options["at"] = BeginOfWork;
        if (field.Type is FieldType.Texts or FieldType.Emails or FieldType.Choices && column.Separator is { } separator) options["split"] = separator;
        if (options.Count == 0) return column.Attribute == field.Name ? null : column.Attribute;
        options.Insert(0, "from", column.Attribute);
        return options;
    }

    private static JsonObject Pair(SampleColumn time, SampleColumn date)
    {
        var pair = new JsonObject { ["date"] = date.Attribute, ["time"] = time.Attribute };
        if (date.Dates is { IsAmbiguous: false } day && time.Dates is { } hour && DateShape.Join(day, hour) is { } format) pair["format"] = format;
        return pair;
    }

    private static JsonNode MapReference(MappingTarget target, SampleColumn column, Dictionary<string, SampleColumn> byTarget)
    {
        var options = new JsonObject();
        if (target.Parent is { } parent && byTarget.ContainsKey($"references.{parent}")) options["within"] = parent;
        if (target.Many && column.Separator is { } separator) options["split"] = separator;
        if (options.Count == 0) return column.Attribute;
        options.Insert(0, "from", column.Attribute);
        return options;
    }

    private static List<string> NotGiven(EndpointTemplate endpoint, IReadOnlyList<MappingTarget> targets, Dictionary<string, SampleColumn> byTarget)
    {
        var given = targets.Where(target => byTarget.ContainsKey(target.Id)).SelectMany(target => new[] { target.Field?.Name, target.Fills, target.IsDatePart ? target.Name : null }).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (endpoint.Adds is { } adds && endpoint.Fields.Any(field => field.Adds is not null && given.Contains(field.Name))) given.Add(adds.Gives);
        return [.. endpoint.Fields.Where(field => (field.Required || field.Timer) && !given.Contains(field.Name)).Select(field => field.Name)];
    }
}
