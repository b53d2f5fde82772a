using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// Makes the destinations that create an object which a record names, or make an archived one active. They render and check like any other, so
/// that neither needs code of its own.
/// </summary>
internal sealed class ReferenceFactory(DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials, ICollection<Problem> problems)
{
    private const string Id = "reference";

    /// <summary>Takes a record with the name, and the parent's id under <see cref="Lookup.Within"/>.</summary>
    /// <param name="with">Further fields, the same for all.</param>
    public Destination? Creator(Lookup lookup, IReadOnlyDictionary<string, JsonElement>? with, string path)
    {
        var mapping = (with ?? new Dictionary<string, JsonElement>()).ToDictionary(member => member.Key, member => JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["value"] = member.Value }, DestinationJson.Web.DictionaryStringJsonElement));
        return lookup.Create is { } endpoint ? Make(endpoint, lookup, mapping, path) : null;
    }

    /// <summary>Takes a record with the whole object as it was listed, its id and the parent's.</summary>
    public Destination? Restorer(Lookup lookup, string path) => lookup.Restore is { } rule ? Make(rule.Endpoint, lookup, [], path, isFromClockify: true) : null;

    private Destination? Make(string name, Lookup lookup, Dictionary<string, JsonElement> mapping, string path, bool isFromClockify = false)
    {
        // What is wrong with them is reported of the destination itself.
        if (config.Credential is not { } credential || !credentials.ContainsKey(credential) || config.Inputs?.GetValueOrDefault("workspaceId") is not { } workspace) return null;
        var endpoint = EndpointTemplate.Find(name)!;
        var inputs = new Dictionary<string, string> { ["workspaceId"] = workspace };
        var excluded = new List<string>();
        if (lookup.Within is { } within && endpoint.Inputs.Any(input => input.Name == within))
        {
            inputs[within] = $"{{record.{within}}}";
            excluded.Add(within);
        }

        if (endpoint.Id is not null) excluded.Add("id");
        var made = new DestinationConfig { Credential = credential, Endpoint = name, Inputs = inputs, Mapping = mapping, ExcludeAttributes = excluded, IdFrom = endpoint.Id is null ? null : "id" };
        // What Clockify has said is sent as it is.
        if (isFromClockify) made = made with { Convert = false, Validation = "off", UnknownAttributes = "ignore" };
        if (Destination.TryCreate(Id, made, credentials, out var destination, out var wrong)) return destination;
        foreach (var problem in wrong)
            if (problem.Path.StartsWith("$.mapping.", StringComparison.Ordinal)) problems.Add(problem with { Path = $"{path}.with.{problem.Path["$.mapping.".Length..]}" });
        return null;
    }
}
