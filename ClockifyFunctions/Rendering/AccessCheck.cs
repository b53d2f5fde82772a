using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Whether a workspace has what an endpoint needs. Pure.</summary>
internal static class AccessCheck
{
    /// <summary>Why Clockify would refuse every call of the endpoint; null if it would not, or nothing is known.</summary>
    public static Problem? MissingFeature(EndpointTemplate endpoint, WorkspaceAccess? access) =>
        endpoint.Feature is { } feature && access?.Features is { } features && !features.Contains(feature)
            ? new Problem("$.endpoint", $"'{endpoint.Title}' needs the feature {feature}, which the workspace does not have. Change the workspace's plan or settings in Clockify, then check the connection again.")
            : null;

    /// <summary>Why Clockify may refuse the calls. Which role a call needs is not documented for every endpoint, so this is no refusal.</summary>
    public static Problem? MissingRole(EndpointTemplate endpoint, WorkspaceAccess? access) =>
        endpoint.AdminOnly && access?.IsAdmin == false
            ? new Problem("$.endpoint", $"'{endpoint.Title}' is for owners and admins, and the key belongs to neither. Use a key of an owner or admin.")
            : null;

    /// <summary>Names of the endpoints that the workspace does not have.</summary>
    public static IReadOnlyList<string> Unavailable(WorkspaceAccess access) =>
        [.. EndpointTemplate.All.Where(endpoint => MissingFeature(endpoint, access) is not null).Select(endpoint => endpoint.Name)];
}
