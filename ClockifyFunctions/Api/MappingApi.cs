using System.Text.Json;
using System.Text.Json.Nodes;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering.Proposals;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Api;

/// <summary>Proposes a mapping of the columns of a file to the fields and references of an endpoint. It uses only the data of the request.</summary>
internal static class MappingApi
{
    public static async Task<IResult> ProposeAsync(HttpRequest request, CancellationToken cancel)
    {
        var (input, refusal) = await Body.ReadAsync(request, ApiJson.Web.MappingInput, "Send {\"endpoint\", \"records\" or \"recordsText\"}.", cancel);
        if (input is null) return refusal!;
        if (EndpointOf(input) is not { } endpoint)
            return Problems.Answer(400, "The endpoint is not known.", "Send an endpoint (GET /templates lists them), or sync with one of the objects that can be synchronized.", [ProblemOf(input)]);
        var problems = new ProblemList();
        var columns = SampleColumn.Of((GivenRecords.Read(input.RecordsText, input.RecordsFormat, input.Records, GivenRecords.Most, problems, cancel) ?? []).Where(record => !BrokenText.IsIn(record)));
        var targets = MappingTargets.Of(endpoint, hasKey: input.Sync is not null);
        foreach (var (attribute, target) in input.Choices ?? new Dictionary<string, string>())
            if (target.Length > 0 && target != ColumnMatch.Exclude && !targets.Any(known => known.Id == target)) problems.Add(new Problem($"$.choices.{attribute}", $"'{target}' is not a field, input or reference of '{endpoint.Title}'."));
        var proposal = MappingProposal.Of(columns, endpoint, targets, input.Choices ?? new Dictionary<string, string>());
        return Results.Json(
            new MappingView(
                [.. columns.Select(column => new MappingColumnView(column.Attribute, column.Values.Count > 0 ? column.Values[0] : null, proposal.Targets.GetValueOrDefault(column.Attribute)))],
                [.. targets.Select(target => new MappingTargetView(target.Id, target.IsDatePart ? $"{target.Name} (date)" : target.Name, target.Description))],
                proposal.Mapping, proposal.References, proposal.Inputs, proposal.IdFrom, proposal.Key, proposal.Exclude, proposal.LeftOver, proposal.Missing, proposal.Questions, problems.Listed),
            ApiJson.Web.MappingView);
    }

    private static EndpointTemplate? EndpointOf(MappingInput input) => input switch
    {
        { Endpoint: { } name, Sync: null } => EndpointTemplate.Find(name),
        { Endpoint: null, Sync: { } name } => SyncObject.All.GetValueOrDefault(name)?.Create,
        _ => null,
    };

    private static Problem ProblemOf(MappingInput input) => input switch
    {
        { Endpoint: not null, Sync: not null } => new Problem("$.sync", "and endpoint exclude each other; remove one of them."),
        { Sync: { } name } => new Problem("$.sync", $"'{name}' is unknown; use {string.Join(", ", SyncObject.All.Keys)}."),
        { Endpoint: { } name } => new Problem("$.endpoint", $"'{name}' is not an endpoint."),
        _ => new Problem("$.endpoint", "is missing."),
    };
}

/// <param name="Sync">In place of <paramref name="Endpoint"/>: the objects that the destination synchronizes.</param>
/// <param name="Choices">The decisions of a person: for each attribute the id of a target, <c>exclude</c>, or an empty text for no target.</param>
/// <param name="RecordsFormat">The format of <paramref name="RecordsText"/>: json, ndjson or csv.</param>
internal sealed record MappingInput(
    string? Endpoint = null, string? Sync = null, IReadOnlyList<JsonElement>? Records = null, string? RecordsText = null, string? RecordsFormat = null, IReadOnlyDictionary<string, string>? Choices = null);

/// <param name="Mapping">A part of the config, like the members up to <paramref name="ExcludeAttributes"/>.</param>
/// <param name="LeftOver">Attributes without a target.</param>
/// <param name="Missing">Required fields of the endpoint without a column.</param>
/// <param name="Questions">Questions that the values cannot answer.</param>
internal sealed record MappingView(
    IReadOnlyList<MappingColumnView> Columns, IReadOnlyList<MappingTargetView> Targets, JsonObject Mapping, JsonObject References, JsonObject Inputs, string? IdFrom, string? Key, IReadOnlyList<string> ExcludeAttributes,
    IReadOnlyList<string> LeftOver, IReadOnlyList<string> Missing, IReadOnlyList<string> Questions, IReadOnlyList<Problem> RecordProblems);

/// <param name="Example">The first value.</param>
/// <param name="Target">The id of its target, <c>exclude</c>, or null if it has no target.</param>
internal sealed record MappingColumnView(string Attribute, string? Example, string? Target);

internal sealed record MappingTargetView(string Id, string Title, string Description);
