using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Requests for time off, and what they can be found by: policies by GET, requests by a search with POST.</summary>
internal static class TimeOffRoutes
{
    private const string Feature = "TIME_OFF";

    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["timeOffPeriod"] = MemberKind.Object,
        ["note"] = MemberKind.Text,
    };

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapFeature(world, Feature, "GET", "/time-off/policies", call => Paging.Page(call, call.Workspace.TimeOffPolicies.Values, policy => View(call, policy)));
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
        if (!call.Workspace.TimeOffPolicies.TryGetValue(call.Route("policyId"), out var policy))
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
    private static string? Refuse(TimeOffPolicy policy, JsonObject period) =>
        period["start"] is null ? "start"
        : policy.InHours ? (period["end"] is null ? "end" : null)
        : period["days"] is JsonValue days && days.TryGetValue<int>(out var count) && count is >= 1 and <= 999 ? null : "days";

    private static Answer Search(Call call) => Answer.Ok(new JsonObject
    {
        ["count"] = call.Workspace.TimeOffRequests.Count,
        ["requests"] = new JsonArray([.. call.Workspace.TimeOffRequests.Select(request => View(call, request))]),
    });

    private static JsonObject View(Call call, TimeOffPolicy policy) => new()
    {
        ["id"] = policy.Id,
        ["name"] = policy.Name,
        ["timeUnit"] = policy.InHours ? "HOURS" : "DAYS",
        ["workspaceId"] = call.Workspace.Id,
    };

    private static JsonObject View(Call call, TimeOffRequest request) => new()
    {
        ["id"] = request.Id,
        ["workspaceId"] = call.Workspace.Id,
        ["policyId"] = request.Policy.Id,
        ["policyName"] = request.Policy.Name,
        ["userId"] = request.UserId,
        ["requesterUserId"] = call.Caller.UserId,
        ["timeOffPeriod"] = request.Period.DeepClone(),
        ["timeUnit"] = request.Policy.InHours ? "HOURS" : "DAYS",
        ["note"] = request.Note,
        ["status"] = new JsonObject { ["statusType"] = "PENDING" },
        ["createdAt"] = Timestamps.Text(request.CreatedAt),
    };
}
