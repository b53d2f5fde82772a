using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Code that the routes of projects, tasks, clients and tags share.</summary>
internal static class NamedRoutes
{
    /// <summary>
    /// Like <see cref="WorkspaceRoutes.Map"/>, for callers who may manage. The response to a regular member is not documented. The simulator assumes 403
    /// with code 501.
    /// </summary>
    public static void MapManaged(
        this IEndpointRouteBuilder routes, World world, string method, string pattern, Func<Call, Answer> handle) =>
        routes.Map(world, method, pattern, call => call.MayManage ? handle(call) : Answer.AccessDenied);

    /// <summary>Filters name, strict-name-search and archived; then a page.</summary>
    public static Answer List<T>(Call call, IEnumerable<T> items, Func<T, JsonNode> show)
        where T : INamed
    {
        if (call.Query("name") is { Length: > 0 } name)
        {
            items = call.QueryFlag("strict-name-search")
                ? items.Where(i => i.Name == name)
                : items.Where(i => i.Name.Contains(name, StringComparison.OrdinalIgnoreCase));
        }

        if (call.Query("archived") is { Length: > 0 })
            items = items.Where(i => i.Archived == call.QueryFlag("archived"));
        return Paging.Page(call, items.OrderBy(i => i.Name, StringComparer.OrdinalIgnoreCase), show);
    }

    /// <summary>Archived ones hold their name too; deleted ones do not.</summary>
    public static bool IsTaken<T>(IEnumerable<T> items, string name, T? except)
        where T : class, INamed =>
        items.Any(i => i.Name == name && i != except);

    public static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(t => JsonValue.Create(t))]);
}
