using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The rules for creates and updates of projects. The messages of refusals that are not documented are texts of the simulator.</summary>
internal static partial class ProjectRules
{
    public static Answer? Refuse(Call call, Body body, Project? project) =>
        Name(body, project is null)
        ?? References(call, body)
        ?? Values(body)
        ?? Duplicate(
            call.Workspace,
            body.Text("name") ?? project!.Name,
            body.Text("clientId") ?? project?.ClientId ?? "",
            project);

    private static Answer? Name(Body body, bool creating) => body.Text("name") switch
    {
        null => creating ? Answer.Invalid("Project name is required") : null,
        { Length: >= 2 and <= 250 } => null,
        _ => Answer.Invalid("Project name has to be between 2 and 250 characters long"),
    };

    private static Answer? References(Call call, Body body) =>
        body.Text("clientId") is { Length: > 0 } clientId && !call.Workspace.Clients.ContainsKey(clientId)
            ? Answer.Invalid("Client doesn't belong to Workspace")
            : null;

    private static Answer? Values(Body body)
    {
        if (body.Text("color") is { } color && !Color().IsMatch(color))
            return Answer.Invalid("You entered invalid value for field: [color]");
        if (body.Text("note")?.Length > 16384)
            return Answer.Invalid("Note cannot be longer than 16384.");
        return IsNegative(body.Object("hourlyRate")) || IsNegative(body.Object("costRate"))
            ? Answer.Invalid("Amount has to be a positive value.")
            : null;
    }

    // Names are unique per client, so moving a project to another client can collide as well.
    private static Answer? Duplicate(Workspace workspace, string name, string clientId, Project? project)
    {
        if (!NamedRoutes.IsTaken(workspace.Projects.Values.Where(p => p.ClientId == clientId), name, project))
            return null;

        var client = workspace.Clients.GetValueOrDefault(clientId)?.Name;
        return Answer.Invalid($"{name} project for client {client} already exists.");
    }

    private static bool IsNegative(JsonObject? rate) =>
        rate?["amount"] is JsonValue amount && amount.TryGetValue<long>(out var value) && value < 0;

    [GeneratedRegex("^#(?:[0-9a-fA-F]{6}){1}$")]
    private static partial Regex Color();
}
