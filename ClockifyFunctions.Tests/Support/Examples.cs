using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.LocalHost.ClockifySimulator;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Creates destinations for the examples of the catalog, with the ids of the simulator's seed.</summary>
internal static class Examples
{
    /// <param name="rest">Additional members of the config, each preceded by a comma.</param>
    public static Destination Destination(EndpointTemplate endpoint, Credential? credential = null, string rest = "") => Written.Destination(Config(endpoint, rest), credential);

    public static string Config(EndpointTemplate endpoint, string rest = "", string credential = "default")
    {
        var inputs = endpoint.Inputs.Where(input => !input.Query && input.From is null).ToDictionary(input => input.Name, input => input.RefersTo switch
        {
            "workspaces" => Seed.WorkspaceId,
            "projects" => Seed.BridgeProjectId,
            "users" => Seed.AdaUserId,
            _ => throw new InvalidOperationException($"No example for the input '{input.Name}' of '{endpoint.Name}'."),
        });
        return $$"""{"credential":"{{credential}}","endpoint":"{{endpoint.Name}}","inputs":{{JsonSerializer.Serialize(inputs)}}{{rest}}}""";
    }
}
