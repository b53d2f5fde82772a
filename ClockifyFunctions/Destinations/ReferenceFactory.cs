using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>
/// Makes the destinations that create a referenced object, or make an archived one active. They use the same rendering and checks as other
/// destinations, so creating and restoring need no code of their own.
/// </summary>
internal sealed class ReferenceFactory(DestinationConfig config, IReadOnlyDictionary<string, Credential> credentials, ICollection<Problem> problems)
{
    private const string Id = "reference";

    /// <summary>Makes a destination whose records contain the name, and the parent's id under <see cref="Lookup.Within"/>.</summary>
    /// <param name="with">Further fields with constant values.</param>
    public Destination? Creator(Lookup lookup, IReadOnlyDictionary<string, JsonElement>? with, string path)
    {
        var mapping = (with ?? new Dictionary<string, JsonElement>()).ToDictionary(member => member.Key, member => JsonSerializer.SerializeToElement(new Dictionary<string, JsonElement> { ["value"] = member.Value }, DestinationJson.Web.DictionaryStringJsonElement));
        return lookup.Create is { } endpoint ? Make(endpoint, lookup, mapping, path) : null;
    }

    /// <summary>Makes a destination whose records contain the whole listed object, its id and the parent's id.</summary>
    public Destination? Restorer(Lookup lookup, string path) => lookup.Restore is { } rule ? Make(rule.Endpoint, lookup, [], path, isFromClockify: true) : null;

    private Destination? Make(string name, Lookup lookup, Dictionary<string, JsonElement> mapping, string path, bool isFromClockify = false)
    {
        // A missing credential or workspace is reported for the destination itself.
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
        // Values from Clockify are sent without changes.
        if (isFromClockify) made = made with { Convert = false, Validation = "off", UnknownAttributes = "ignore" };
        if (Destination.TryCreate(Id, made, credentials, out var destination, out var wrong)) return destination;
        foreach (var problem in wrong)
            if (problem.Path.StartsWith("$.mapping.", StringComparison.Ordinal)) problems.Add(problem with { Path = $"{path}.with.{problem.Path["$.mapping.".Length..]}" });
        return null;
    }
}
