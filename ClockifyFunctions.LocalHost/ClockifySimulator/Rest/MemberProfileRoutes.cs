using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Week, capacity and custom fields of a member.</summary>
internal static class MemberProfileRoutes
{
    private const string Path = "/member-profile/{userId}";

    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["weekStart"] = MemberKind.Text,
        ["workCapacity"] = MemberKind.Text,
        ["workingDays"] = MemberKind.Text,
        ["userCustomFields"] = MemberKind.List,
    };

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.Map(world, "GET", Path, call => On(call, member => Answer.Ok(View(member))));
        routes.MapFeature(world, "EDIT_MEMBER_PROFILE", "PATCH", Path, call => call.MayManage ? On(call, member => Change(call, member)) : Answer.AccessDenied);
    }

    /// <summary>Updates the members of the profile that the request contains. The other members keep their values.</summary>
    private static Answer Change(Call call, Member member)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;

        // Custom fields are written and answered under different names.
        foreach (var name in Members.Keys.Where(body.Has))
            member.Profile[name == "userCustomFields" ? "userCustomFieldValues" : name] = body.Node(name);
        return call.Applied(Answer.Ok(View(member)));
    }

    private static Answer On(Call call, Func<Member, Answer> handle) =>
        call.Workspace.Members.TryGetValue(call.Route("userId"), out var member) ? handle(member) : Answer.Invalid("User doesn't belong to Workspace");

    private static JsonObject View(Member member)
    {
        var view = member.Profile.DeepClone().AsObject();
        view["name"] = member.Name;
        view["email"] = member.Email;
        return view;
    }
}
