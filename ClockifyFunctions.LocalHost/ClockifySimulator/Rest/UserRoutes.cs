using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The owner of the key, and the members of a workspace.</summary>
internal static class UserRoutes
{
    private static readonly Dictionary<string, MemberKind> InviteMembers = new() { ["email"] = MemberKind.Text };

    private static readonly Dictionary<string, MemberKind> StatusMembers = new() { ["status"] = MemberKind.Text };

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapGet("/user", context =>
        {
            var exchange = Exchange.Of(context);
            var caller = exchange.Caller;
            var view = View(new Member(caller.UserId, caller.Name, caller.Email) { TimeZone = caller.TimeZone }, caller.WorkspaceIds is [var first, ..] ? first : "");
            return Answer.Ok(view).SendAsync(context, exchange.Call, exchange.Fault);
        });
        routes.Map(world, "GET", "/users", List);
        routes.MapManaged(world, "POST", "/users", Invite);
        routes.MapManaged(world, "PUT", "/users/{userId}", SetStatus);
    }

    /// <summary>email and name keep what contains them. That a list without <c>status</c> leaves out who left or declined is assumed.</summary>
    private static Answer List(Call call)
    {
        var wanted = call.QueryValues("status");
        IEnumerable<Member> found = call.Workspace.Members.Values.Where(member => wanted switch
        {
            [] => member.Status is "ACTIVE" or "PENDING",
            ["ALL"] => true,
            _ => wanted.Contains(member.Status),
        });
        if (call.QueryValues("account-statuses") is { Length: > 0 } accounts)
            found = found.Where(member => accounts.SelectMany(list => list.Split(',')).Contains(member.AccountStatus));
        if (call.Query("email") is { Length: > 0 } email)
            found = found.Where(member => member.Email.Contains(email, StringComparison.OrdinalIgnoreCase));
        if (call.Query("name") is { Length: > 0 } name)
            found = found.Where(member => member.Name.Contains(name, StringComparison.OrdinalIgnoreCase));
        var withMemberships = call.Query("memberships") is "ALL" or "WORKSPACE";
        return Paging.Page(call, found.OrderBy(member => member.Email, StringComparer.OrdinalIgnoreCase), member =>
        {
            var view = View(member, call.Workspace.Id);
            if (withMemberships)
                view["memberships"] = Memberships(call, member);
            return view;
        });
    }

    /// <summary>Returns the workspace. The effect of a second invitation of an address is not documented; here it changes nothing.</summary>
    private static Answer Invite(Call call)
    {
        var (body, refused) = call.ReadBody(InviteMembers);
        if (body is null)
            return refused!;
        if (body.Text("email") is not { Length: > 0 } email || !email.Contains('@'))
            return Answer.Invalid("Please enter valid value for email");
        if (call.Workspace.Members.Values.Any(member => string.Equals(member.Email, email, StringComparison.OrdinalIgnoreCase)))
            return call.Applied(Answer.Ok(WorkspaceView.Of(call.Workspace)));

        // The service keeps addresses in lower case.
        var invited = new Member(call.World.Ids.Next(), "", email.ToLowerInvariant()) { Status = "PENDING" };
        call.Workspace.Members.Add(invited.UserId, invited);
        return call.Applied(Answer.Ok(WorkspaceView.Of(call.Workspace)), invited.UserId);
    }

    private static Answer SetStatus(Call call)
    {
        if (!call.Workspace.Members.TryGetValue(call.Route("userId"), out var member))
            return Answer.Invalid("User doesn't belong to Workspace");

        var (body, refused) = call.ReadBody(StatusMembers);
        if (body is null)
            return refused!;
        if (body.Text("status") is not ("ACTIVE" or "INACTIVE"))
            return Answer.Error(400, 3002, "JSON parse error: Cannot deserialize value of field `status`");

        call.Workspace.Members[member.UserId] = member with { Status = body.Text("status")! };
        return call.Applied(Answer.Ok(WorkspaceView.Of(call.Workspace)));
    }

    /// <summary>The status is that of the account, not of the membership.</summary>
    private static JsonObject View(Member member, string workspaceId) => new()
    {
        ["id"] = member.UserId,
        ["email"] = member.Email,
        ["name"] = member.Name,
        ["memberships"] = new JsonArray(),
        ["profilePicture"] = "",
        ["activeWorkspace"] = workspaceId,
        ["defaultWorkspace"] = workspaceId,
        ["settings"] = new JsonObject { ["weekStart"] = "MONDAY", ["timeZone"] = member.TimeZone },
        ["status"] = member.AccountStatus,
        ["customFields"] = new JsonArray(),
    };

    private static JsonArray Memberships(Call call, Member member) =>
    [
        new JsonObject
        {
            ["userId"] = member.UserId,
            ["targetId"] = call.Workspace.Id,
            ["membershipType"] = "WORKSPACE",
            ["membershipStatus"] = member.Status,
            ["hourlyRate"] = null,
            ["costRate"] = null,
        },
    ];
}
