using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Requests for time off, which a search with POST finds.</summary>
internal static class TimeOffRoutes
{
    private const string Feature = "TIME_OFF";

    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["timeOffPeriod"] = MemberKind.Object,
        ["note"] = MemberKind.Text,
    };

    private static readonly Dictionary<string, MemberKind> SearchMembers = new()
    {
        ["page"] = MemberKind.Number,
        ["pageSize"] = MemberKind.Number,
        ["users"] = MemberKind.List,
        ["userGroups"] = MemberKind.List,
        ["statuses"] = MemberKind.List,
        ["start"] = MemberKind.Instant,
        ["end"] = MemberKind.Instant,
    };

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapFeature(world, Feature, "POST", "/time-off/policies/{policyId}/requests", call => Create(call, call.Caller.UserId));
        routes.MapFeature(world, Feature, "POST", "/time-off/policies/{policyId}/users/{userId}/requests", CreateForUser);
        routes.MapFeature(world, Feature, "POST", "/time-off/requests", Search);
    }

    private static Answer CreateForUser(Call call)
    {
        var userId = call.Route("userId");
        return call.Workspace.Members.ContainsKey(userId) && (userId == call.Caller.UserId || call.Caller.Manages)
            ? Create(call, userId)
            : Answer.AccessDenied;
    }

    /// <summary>Every call makes another request, equal or not.</summary>
    private static Answer Create(Call call, string userId)
    {
        if (!call.Workspace.Objects(ObjectKinds.TimeOffPolicies).TryGetValue(call.Route("policyId"), out var policy))
            return Answer.Invalid("Policy doesn't belong to Workspace");

        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (body.Object("timeOffPeriod") is not { } when || when["period"] is not JsonObject period || Refuse(policy, period) is not null)
            return Answer.Invalid("Time off period is not valid for this policy");

        var request = new TimeOffRequest(call.World.Ids.Next(), userId, policy, when, body.Text("note") ?? "", call.World.Now);
        call.Workspace.TimeOffRequests.Add(request);
        return call.Applied(Answer.Ok(View(call, request)), request.Id);
    }

    /// <summary>A policy in days takes a start and a number of days; one in hours takes a start and an end.</summary>
    private static string? Refuse(JsonObject policy, JsonObject period) =>
        period["start"] is null ? "start"
        : (string?)policy["timeUnit"] == "HOURS" ? (period["end"] is null ? "end" : null)
        : period["days"] is JsonValue days && days.TryGetValue<int>(out var count) && count is >= 1 and <= 999 ? null : "days";

    /// <summary>Filters users and statuses; page and pageSize are in the body too. Pages have no Last-Page header.</summary>
    private static Answer Search(Call call)
    {
        var (body, refused) = call.ReadBody(SearchMembers);
        if (body is null)
            return refused!;

        var (users, statuses) = (body.Texts("users") ?? [], body.Texts("statuses") ?? []);
        var found = call.Workspace.TimeOffRequests
            .Where(request => users.Count == 0 || users.Contains(request.UserId))
            .Where(_ => statuses.Count == 0 || statuses.Contains("PENDING") || statuses.Contains("ALL"))
            .ToList();
        return Answer.Ok(new JsonObject
        {
            ["count"] = found.Count,
            ["requests"] = new JsonArray([.. Paging.Of(body, found).Select(request => View(call, request))]),
        });
    }

    private static JsonObject View(Call call, TimeOffRequest request) => new()
    {
        ["id"] = request.Id,
        ["workspaceId"] = call.Workspace.Id,
        ["policyId"] = request.Policy["id"]!.DeepClone(),
        ["policyName"] = request.Policy["name"]!.DeepClone(),
        ["userId"] = request.UserId,
        ["requesterUserId"] = call.Caller.UserId,
        ["timeOffPeriod"] = request.Period.DeepClone(),
        ["timeUnit"] = request.Policy["timeUnit"]!.DeepClone(),
        ["note"] = request.Note,
        ["status"] = new JsonObject { ["statusType"] = "PENDING" },
        ["createdAt"] = Timestamps.Text(request.CreatedAt),
    };
}
