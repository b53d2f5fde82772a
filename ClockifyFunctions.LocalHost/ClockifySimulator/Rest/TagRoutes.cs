using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class TagRoutes
{
    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["name"] = MemberKind.Text,
        ["archived"] = MemberKind.Flag,
    };

    private static Answer NotFound => Answer.Invalid("Tag doesn't belong to Workspace");

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.Map(world, "GET", "/tags", call => NamedRoutes.List(call, call.Workspace.Tags.Values, tag => View(call, tag)));
        routes.Map(world, "GET", "/tags/{id}", call => Find(call) is { } tag ? Answer.Ok(View(call, tag)) : NotFound);
        routes.MapManaged(world, "POST", "/tags", Create);
        routes.MapManaged(world, "PUT", "/tags/{id}", Update);
        routes.MapManaged(world, "DELETE", "/tags/{id}", Delete);
    }

    private static Answer Create(Call call)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(call, body, null) is { } wrong)
            return wrong;

        var tag = new Tag(call.World.Ids.Next()) { Name = body.Text("name")! };
        call.Workspace.Tags.Add(tag.Id, tag);
        return call.Applied(Answer.Created(View(call, tag)), tag.Id);
    }

    /// <summary>An archived tag whose update leaves <c>archived</c> out is active again.</summary>
    private static Answer Update(Call call)
    {
        if (Find(call) is not { } tag)
            return NotFound;

        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(call, body, tag) is { } wrong)
            return wrong;

        tag.Name = body.Text("name")!;
        tag.Archived = body.Flag("archived") ?? false;
        return call.Applied(Answer.Ok(View(call, tag)));
    }

    /// <summary>No archive step, unlike projects and clients.</summary>
    private static Answer Delete(Call call)
    {
        if (Find(call) is not { } tag)
            return NotFound;

        call.Workspace.Tags.Remove(tag.Id);
        return call.Applied(Answer.Ok(View(call, tag)));
    }

    private static Answer? Refuse(Call call, Body body, Tag? tag) => body.Text("name") switch
    {
        null or "" => Answer.Invalid("Tag name is required"),
        { Length: > 100 } => Answer.Invalid("Tag name cannot be longer than 100."),
        var name when NamedRoutes.IsTaken(call.Workspace.Tags.Values, name, tag) =>
            Answer.Invalid($"Tag with name '{name}' already exists"),
        _ => null,
    };

    private static Tag? Find(Call call) => call.Workspace.Tags.GetValueOrDefault(call.Route("id"));

    private static JsonObject View(Call call, Tag tag) => new()
    {
        ["id"] = tag.Id,
        ["name"] = tag.Name,
        ["workspaceId"] = call.Workspace.Id,
        ["archived"] = tag.Archived,
    };
}
