using static ClockifyFunctions.Destinations.EndpointFields;

namespace ClockifyFunctions.Destinations;

/// <summary>The one table of endpoints.</summary>
internal static class EndpointTable
{
    private const string Entries = "workspaces/{workspaceId}/time-entries", Projects = "workspaces/{workspaceId}/projects";
    private const string Tasks = "workspaces/{workspaceId}/projects/{projectId}/tasks", Clients = "workspaces/{workspaceId}/clients", Tags = "workspaces/{workspaceId}/tags";

    private static readonly string[] InWorkspace = ["workspaceId"], InProject = ["workspaceId", "projectId"], OfUser = ["workspaceId", "userId"];
    private static readonly EndpointTemplate.ArchiveStep Archived = new("archived", "true"), Done = new("status", "\"DONE\"");

    public static readonly EndpointTemplate[] Rows =
    [
        new("createTimeEntry", "Create time entry", HttpMethod.Post, Entries, InWorkspace, CreatesOne: true) { Fields = CreateTimeEntry, Lost = CreateTimeEntryLost },
        new("updateTimeEntry", "Update time entry", HttpMethod.Put, Entries + "/{id}", InWorkspace, CreatesOne: false) { Fields = UpdateTimeEntry, Lost = UpdateTimeEntryLost },
        new("deleteTimeEntry", "Delete time entry", HttpMethod.Delete, Entries + "/{id}", InWorkspace, CreatesOne: false),
        // A repeated stop can end a timer that was started meanwhile, but it makes nothing new.
        new("stopTimer", "Stop timer", HttpMethod.Patch, "workspaces/{workspaceId}/user/{userId}/time-entries", OfUser, CreatesOne: false) { Fields = StopTimer, EndsWhatItFinds = true },

        new("createProject", "Create project", HttpMethod.Post, Projects, InWorkspace, CreatesOne: true) { Fields = CreateProject, Lost = CreateProjectLost },
        new("updateProject", "Update project", HttpMethod.Put, Projects + "/{id}", InWorkspace, CreatesOne: false) { Fields = UpdateProject, Lost = UpdateProjectLost },
        new("deleteProject", "Delete project", HttpMethod.Delete, Projects + "/{id}", InWorkspace, CreatesOne: false) { Archive = Archived },

        new("createTask", "Create task", HttpMethod.Post, Tasks, InProject, CreatesOne: true) { Fields = CreateTask, Lost = CreateTaskLost },
        new("updateTask", "Update task", HttpMethod.Put, Tasks + "/{id}", InProject, CreatesOne: false) { Fields = UpdateTask, Lost = UpdateTaskLost },
        new("deleteTask", "Delete task", HttpMethod.Delete, Tasks + "/{id}", InProject, CreatesOne: false) { Archive = Done },

        new("createClient", "Create client", HttpMethod.Post, Clients, InWorkspace, CreatesOne: true) { Fields = CreateClient, Lost = CreateClientLost },
        new("updateClient", "Update client", HttpMethod.Put, Clients + "/{id}", InWorkspace, CreatesOne: false) { Fields = UpdateClient, Lost = UpdateClientLost },
        new("deleteClient", "Delete client", HttpMethod.Delete, Clients + "/{id}", InWorkspace, CreatesOne: false) { Archive = Archived },

        new("createTag", "Create tag", HttpMethod.Post, Tags, InWorkspace, CreatesOne: true) { Fields = CreateTag, Lost = CreateTagLost },
        new("updateTag", "Update tag", HttpMethod.Put, Tags + "/{id}", InWorkspace, CreatesOne: false) { Fields = UpdateTag },
        new("deleteTag", "Delete tag", HttpMethod.Delete, Tags + "/{id}", InWorkspace, CreatesOne: false),
    ];
}
