using System.Net.Mail;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class ClientRoutes
{
    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["name"] = MemberKind.Text,
        ["email"] = MemberKind.Text,
        ["address"] = MemberKind.Text,
        ["note"] = MemberKind.Text,
        ["archived"] = MemberKind.Flag,
        ["ccEmails"] = MemberKind.List,
        ["currencyId"] = MemberKind.Text,
    };

    private static Answer NotFound => Answer.Invalid("Client doesn't belong to Workspace");

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.Map(world, "GET", "/clients", call => NamedRoutes.List(call, call.Workspace.Clients.Values, c => View(call, c)));
        routes.Map(world, "GET", "/clients/{id}", call => Find(call) is { } client ? Answer.Ok(View(call, client)) : NotFound);
        routes.MapManaged(world, "POST", "/clients", Create);
        routes.MapManaged(world, "PUT", "/clients/{id}", Update);
        routes.MapManaged(world, "DELETE", "/clients/{id}", Delete);
    }

    private static Answer Create(Call call)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(call, body, null) is { } wrong)
            return wrong;

        // ccEmails, currencyId and archived are ignored here, and only here.
        var client = new Client(call.World.Ids.Next());
        Write(client, body);
        call.Workspace.Clients.Add(client.Id, client);
        var view = View(call, client);
        view["currencyCode"] = "USD";
        return call.Applied(Answer.Created(view), client.Id);
    }

    /// <summary>Replaces everything but the currency.</summary>
    private static Answer Update(Call call)
    {
        if (Find(call) is not { } client)
            return NotFound;

        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(call, body, client) is { } wrong)
            return wrong;
        if (body.Texts("ccEmails")?.Count > 3)
            return Answer.Invalid("Number of additional emails must be less than 3");

        Write(client, body);
        client.CcEmails = body.Texts("ccEmails");
        client.CurrencyId = body.Text("currencyId") ?? client.CurrencyId;
        client.Archived = body.Flag("archived") ?? false;
        if (client.Archived)
            ArchiveWith(call, client);
        return call.Applied(Answer.Ok(View(call, client)));
    }

    private static Answer Delete(Call call)
    {
        if (Find(call) is not { } client)
            return NotFound;
        if (!client.Archived)
            return Answer.Invalid("Cannot delete an active client");

        call.Workspace.Clients.Remove(client.Id);
        foreach (var project in call.Workspace.Projects.Values.Where(p => p.ClientId == client.Id))
            project.ClientId = "";
        return call.Applied(Answer.Ok(View(call, client)));
    }

    private static void ArchiveWith(Call call, Client client)
    {
        foreach (var project in call.Workspace.Projects.Values.Where(p => p.ClientId == client.Id))
        {
            project.Archived |= call.QueryFlag("archive-projects");
            if (!call.QueryFlag("mark-tasks-as-done"))
                continue;
            foreach (var task in project.Tasks.Values)
                task.Status = "DONE";
        }
    }

    // The messages of the length limits are not documented; the simulator uses its own texts.
    private static Answer? Refuse(Call call, Body body, Client? client)
    {
        if (body.Text("name") is not { Length: > 0 } name)
            return Answer.Invalid("Client name is required");
        if (name.Length > 100)
            return Answer.Invalid("Client name cannot be longer than 100.");
        if (body.Text("email") is { Length: > 0 } email && !MailAddress.TryCreate(email, out _))
            return Answer.Invalid("Please enter valid value for email");
        if (body.Text("address")?.Length > 3000 || body.Text("note")?.Length > 3000)
            return Answer.Invalid("Text cannot be longer than 3000.");
        return NamedRoutes.IsTaken(call.Workspace.Clients.Values, name, client)
            ? Answer.Invalid($"Client with name '{name}' already exists")
            : null;
    }

    private static void Write(Client client, Body body)
    {
        client.Name = body.Text("name")!;
        client.Email = body.Text("email");
        client.Address = body.Text("address");
        client.Note = body.Text("note");
    }

    private static Client? Find(Call call) => call.Workspace.Clients.GetValueOrDefault(call.Route("id"));

    private static JsonObject View(Call call, Client client) => new()
    {
        ["id"] = client.Id,
        ["name"] = client.Name,
        ["email"] = client.Email,
        ["ccEmails"] = client.CcEmails is { } emails ? NamedRoutes.Array(emails) : null,
        ["workspaceId"] = call.Workspace.Id,
        ["archived"] = client.Archived,
        ["address"] = client.Address,
        ["note"] = client.Note,
        ["currencyId"] = client.CurrencyId,
    };
}
