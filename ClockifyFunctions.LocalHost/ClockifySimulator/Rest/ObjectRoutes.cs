using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>List, create, update and delete of the kinds in <see cref="ObjectKinds"/>. The messages of refusals that are not documented are texts of the simulator.</summary>
internal static class ObjectRoutes
{
    private static readonly Dictionary<string, MemberKind> Archived = new() { ["archived"] = MemberKind.Flag };

    private static readonly Dictionary<string, MemberKind> Status = new() { ["status"] = MemberKind.Text };

    private static readonly Dictionary<string, MemberKind> Member = new() { ["userId"] = MemberKind.Text };

    /// <summary>Written as {contains, ids, status}, answered as a flat list.</summary>
    private static readonly (string Written, string Answered)[] Scopes = [("users", "userIds"), ("userGroups", "userGroupIds")];

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        foreach (var kind in ObjectKinds.All)
        {
            Map("GET", kind, "", call => List(call, kind));
            if (kind.CanGet)
                Map("GET", kind, "/{id}", call => On(call, kind, found => Answer.Ok(found.DeepClone())));
            MapManaged("POST", kind, "", call => Create(call, kind));
            MapManaged("PUT", kind, "/{id}", call => On(call, kind, found => Update(call, kind, found)));
            MapManaged("DELETE", kind, "/{id}", call => On(call, kind, found => Delete(call, kind, found)));
        }

        MapManaged("PATCH", ObjectKinds.ExpenseCategories, "/{id}/status", call => SetArchived(call, ObjectKinds.ExpenseCategories, Archived, body => body.Flag("archived")));
        MapManaged("PATCH", ObjectKinds.TimeOffPolicies, "/{id}", call => SetArchived(call, ObjectKinds.TimeOffPolicies, Status, body => body.Text("status") is { } status ? status == "ARCHIVED" : null));
        MapManaged("POST", ObjectKinds.UserGroups, "/{id}/users", AddMember);
        MapManaged("DELETE", ObjectKinds.UserGroups, "/{id}/users/{userId}", call => On(call, ObjectKinds.UserGroups, group => SetMember(call, group, call.Route("userId"), isIn: false)));

        void Map(string method, ObjectKind kind, string rest, Func<Call, Answer> handle)
        {
            if (kind.Feature is { } feature)
                routes.MapFeature(world, feature, method, kind.Path + rest, handle);
            else
                routes.Map(world, method, kind.Path + rest, handle);
        }

        void MapManaged(string method, ObjectKind kind, string rest, Func<Call, Answer> handle) =>
            Map(method, kind, rest, call => call.MayManage ? handle(call) : Answer.AccessDenied);
    }

    private static Answer List(Call call, ObjectKind kind)
    {
        IEnumerable<JsonObject> found = call.Workspace.Objects(kind).Values;
        if (call.Query("name") is { Length: > 0 } name)
            found = found.Where(one => ((string)one["name"]!).Contains(name, StringComparison.OrdinalIgnoreCase));
        foreach (var (parameter, keeps) in kind.Filters)
        {
            var wanted = call.QueryValues(parameter);
            found = found.Where(one => keeps(one, wanted));
        }

        var rows = found.ToList();
        var answer = kind.IsPaged ? Paging.Page(call, rows, one => one.DeepClone()) : Answer.Ok(new JsonArray([.. rows.Select(one => one.DeepClone())]));
        return kind.At is null || answer.Status != 200 ? answer : answer with { Body = new JsonObject { [kind.At] = answer.Body, [kind.CountAt] = rows.Count } };
    }

    private static Answer Create(Call call, ObjectKind kind)
    {
        var (body, refused) = Read(call, kind, null);
        if (body is null)
            return refused!;

        var created = new JsonObject { ["id"] = call.World.Ids.Next(), ["workspaceId"] = call.Workspace.Id };
        Write(kind, created, body);
        call.Workspace.Add(kind, created);
        return call.Applied(new Answer(kind.CreateStatus, created.DeepClone()), (string)created["id"]!);
    }

    private static Answer Update(Call call, ObjectKind kind, JsonObject found)
    {
        var (body, refused) = Read(call, kind, found);
        if (body is null)
            return refused!;

        Write(kind, found, body);
        return call.Applied(Answer.Ok(found.DeepClone()));
    }

    private static Answer Delete(Call call, ObjectKind kind, JsonObject found)
    {
        if (kind.ArchivedBeforeDelete && found["archived"]?.GetValue<bool>() == false)
            return Answer.Invalid($"Cannot delete an active {kind.Noun.ToLowerInvariant()}");

        call.Workspace.Objects(kind).Remove((string)found["id"]!);
        return call.Applied(new Answer(kind.DeleteStatus));
    }

    private static Answer SetArchived(Call call, ObjectKind kind, IReadOnlyDictionary<string, MemberKind> members, Func<Body, bool?> archived) => On(call, kind, found =>
    {
        var (body, refused) = call.ReadBody(members);
        if (body is null)
            return refused!;
        if (archived(body) is not { } value)
            return Answer.Invalid($"{members.Keys.Single()} must not be null");

        found["archived"] = value;
        return call.Applied(Answer.Ok(found.DeepClone()));
    });

    private static Answer AddMember(Call call) => On(call, ObjectKinds.UserGroups, group =>
    {
        var (body, refused) = call.ReadBody(Member);
        return body is null ? refused! : SetMember(call, group, body.Text("userId") ?? "", isIn: true);
    });

    private static Answer SetMember(Call call, JsonObject group, string userId, bool isIn)
    {
        if (!call.Workspace.Members.ContainsKey(userId))
            return Answer.Invalid("User doesn't belong to Workspace");

        var others = group["userIds"]!.AsArray().Select(id => (string)id!).Where(id => id != userId);
        group["userIds"] = NamedRoutes.Array(isIn ? others.Append(userId) : others);
        return call.Applied(Answer.Ok(group.DeepClone()));
    }

    private static Answer On(Call call, ObjectKind kind, Func<JsonObject, Answer> handle) =>
        call.Workspace.Objects(kind).TryGetValue(call.Route("id"), out var found) ? handle(found) : Answer.Invalid($"{kind.Noun} doesn't belong to Workspace");

    private static (Body? Body, Answer? Refused) Read(Call call, ObjectKind kind, JsonObject? current)
    {
        var (body, refused) = call.ReadBody(kind.Members);
        if (body is null)
            return (null, refused);
        if (kind.Needed.FirstOrDefault(member => !body.Has(member) || body.Text(member) == "") is { } missing)
            return (null, Answer.Invalid(missing == "name" ? $"{kind.Noun} name is required" : $"{missing} must not be null"));

        var name = body.Text("name");
        return kind.NameIsUnique && call.Workspace.Objects(kind).Values.Any(other => other != current && (string?)other["name"] == name)
            ? (null, Answer.Invalid($"{kind.Noun} with name '{name}' already exists"))
            : (body, null);
    }

    private static void Write(ObjectKind kind, JsonObject target, Body body)
    {
        foreach (var (member, otherwise) in kind.Defaults)
        {
            var scope = Scopes.FirstOrDefault(scope => scope.Answered == member).Written;
            if (scope is not null && kind.Members.ContainsKey(scope))
                target[member] = body.Object(scope)?["ids"]?.DeepClone() ?? otherwise?.DeepClone();
            else if (kind.Members.ContainsKey(member))
                target[member] = body.Node(member) ?? otherwise?.DeepClone();
            else if (!target.ContainsKey(member))
                target[member] = otherwise?.DeepClone();
        }
    }
}
