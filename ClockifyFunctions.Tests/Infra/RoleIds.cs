using System.Text.RegularExpressions;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Infra;

/// <summary>Ids of the built-in roles of Azure, from its documentation.</summary>
internal static partial class RoleIds
{
    public const string
        BlobReader = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        BlobContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
        BlobOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        BusReceiver = "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
        BusSender = "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
        SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6",
        SecretsOfficer = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7",
        MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb",
        Contributor = "b24988ac-6180-42a0-ab88-20f7382dd24c",
        RoleAdministrator = "f58310d9-a9f6-439a-9e8d-f62e7b41a168";

    /// <summary>All ids in <c>infra/modules/roles.bicep</c>.</summary>
    public static IEnumerable<string> InTheTemplate() => In(File.ReadAllText(Path.Combine(Repository.Root, "infra", "modules", "roles.bicep")));

    public static IEnumerable<string> In(string text) => Id().Matches(text).Select(match => match.Value);

    [GeneratedRegex("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
