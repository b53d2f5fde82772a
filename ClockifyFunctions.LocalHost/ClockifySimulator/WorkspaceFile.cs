using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>What a workspace holds at the start, as a JSON file says it (<c>samples/agency/workspace.json</c> is one). It takes the place of <see cref="Seed"/>'s objects.</summary>
internal sealed record WorkspaceFile(
    string WorkspaceId,
    IReadOnlyList<WorkspaceFile.UserLine> Users,
    IReadOnlyList<WorkspaceFile.NamedLine>? Clients = null,
    IReadOnlyList<WorkspaceFile.ProjectLine>? Projects = null,
    IReadOnlyList<WorkspaceFile.TaskLine>? Tasks = null,
    IReadOnlyList<WorkspaceFile.NamedLine>? Tags = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The first user owns the workspace; Ada's key and the add-on token act for that user.</summary>
    public IReadOnlyList<SimulatedKey> Keys =>
    [
        new SimulatedKey(Seed.AdaKey, Users[0].Id, Users[0].Name, Users[0].Email, Role.Owner, [WorkspaceId]) { TimeZone = Users[0].TimeZone },
        new SimulatedKey(Seed.AddonToken, Users[0].Id, "Add-on", Users[0].Email, Role.Owner, [WorkspaceId], IsAddonToken: true),
    ];

    /// <exception cref="InvalidOperationException">The file cannot be read, with the reason.</exception>
    public static WorkspaceFile Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var read = JsonSerializer.Deserialize<WorkspaceFile>(file, Json)!;
            return read.Users is [] ? throw new InvalidOperationException($"{path}: 'users' is empty; the first user owns the workspace.") : read;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InvalidOperationException($"{path} is no workspace file: {wrong.Message}", wrong);
        }
    }

    /// <exception cref="InvalidOperationException">A task names a project that the file does not have.</exception>
    public void Fill(World world)
    {
        var workspace = world.Workspace(WorkspaceId);
        lock (world.Lock)
        {
            foreach (var user in Users)
                workspace.Members[user.Id] = new Member(user.Id, user.Name, user.Email) { Role = user == Users[0] ? Role.Owner : Role.Member, Status = user.Status, TimeZone = user.TimeZone };
            foreach (var client in Clients ?? [])
                workspace.Clients.Add(client.Id, new Client(client.Id) { Name = client.Name, Archived = client.Archived });
            foreach (var project in Projects ?? [])
                workspace.Projects.Add(project.Id, new Project(project.Id) { Name = project.Name, ClientId = project.ClientId ?? "", Archived = project.Archived });
            foreach (var task in Tasks ?? [])
                ProjectOf(workspace, task).Tasks.Add(task.Id, new ProjectTask(task.Id, task.ProjectId) { Name = task.Name, Status = task.Status });
            foreach (var tag in Tags ?? [])
                workspace.Tags.Add(tag.Id, new Tag(tag.Id) { Name = tag.Name, Archived = tag.Archived });
        }
    }

    private static Project ProjectOf(Workspace workspace, TaskLine task) => workspace.Projects.GetValueOrDefault(task.ProjectId)
        ?? throw new InvalidOperationException($"Task '{task.Name}' is in project {task.ProjectId}, which the workspace file does not have.");

    internal sealed record NamedLine(string Id, string Name, bool Archived = false);

    internal sealed record ProjectLine(string Id, string Name, string? ClientId = null, bool Archived = false);

    /// <param name="Status">ACTIVE or DONE.</param>
    internal sealed record TaskLine(string Id, string ProjectId, string Name, string Status = "ACTIVE");

    /// <param name="Status">Of the membership: PENDING, ACTIVE, DECLINED or INACTIVE.</param>
    /// <param name="TimeZone">IANA id.</param>
    internal sealed record UserLine(string Id, string Name, string Email, string Status = "ACTIVE", string TimeZone = "Etc/UTC");
}
