using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Checks whether a workspace has the feature and the API key has the role that an endpoint needs. Pure.</summary>
internal static class AccessCheck
{
    /// <summary>Describes the feature that the workspace lacks. Returns null if the endpoint needs none, the workspace has it, or its features are not known.</summary>
    public static Problem? MissingFeature(EndpointTemplate endpoint, WorkspaceAccess? access) =>
        endpoint.Feature is { } feature && access?.Features is { } features && !features.Contains(feature)
            ? new Problem("$.endpoint", $"'{endpoint.Title}' needs the feature {feature}, which the workspace does not have. Change the workspace's plan or settings in Clockify, then check the connection again.")
            : null;

    /// <summary>Describes the role that the API key lacks. This is only a warning, because Clockify does not document the role for every endpoint.</summary>
    public static Problem? MissingRole(EndpointTemplate endpoint, WorkspaceAccess? access) =>
        endpoint.AdminOnly && access?.IsAdmin == false
            ? new Problem("$.endpoint", $"'{endpoint.Title}' is for owners and admins, and the key belongs to neither. Use a key of an owner or admin.")
            : null;

    /// <summary>Returns the names of the endpoints that need a feature that the workspace does not have.</summary>
    public static IReadOnlyList<string> Unavailable(WorkspaceAccess access) =>
        [.. EndpointTemplate.All.Where(endpoint => MissingFeature(endpoint, access) is not null).Select(endpoint => endpoint.Name)];
}
