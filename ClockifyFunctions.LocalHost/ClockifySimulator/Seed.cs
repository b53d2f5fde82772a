using System.Text.Json.Nodes;
using ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>Keys, users and entities that exist from the start. Samples, tests and README refer to these constants.</summary>
internal static class Seed
{
    /// <summary>The workspace of all objects below. All seed users are members.</summary>
    public const string WorkspaceId = "64a687e29ae1f428e7ebe301";

    /// <summary>A workspace of which only Eve is a member: 403 for the others.</summary>
    public const string ForeignWorkspaceId = "64a687e29ae1f428e7ebe302";

    /// <summary>A valid id of no workspace: 404 with an empty body.</summary>
    public const string UnknownWorkspaceId = "64a687e29ae1f428e7ebe3ff";

    public const string AdaUserId = "5f0b1c2d3e4f5a6b7c8d9e01";
    public const string BenUserId = "5f0b1c2d3e4f5a6b7c8d9e02";
    public const string CleoUserId = "5f0b1c2d3e4f5a6b7c8d9e03";
    public const string DanUserId = "5f0b1c2d3e4f5a6b7c8d9e04";
    public const string EveUserId = "5f0b1c2d3e4f5a6b7c8d9e05";

    public const string AdaKey = "simulated-key-of-ada";
    public const string BenKey = "simulated-key-of-ben";
    public const string CleoKey = "simulated-key-of-cleo";
    public const string DanKey = "simulated-key-of-dan";
    public const string EveKey = "simulated-key-of-eve";

    /// <summary>A token for the header X-Addon-Token. It acts for Ada.</summary>
    public const string AddonToken = "simulated-addon-token";

    public const string AcmeClientId = "66f1a0c2b7d14e3a9c5d0c01";
    public const string GlobexClientId = "66f1a0c2b7d14e3a9c5d0c02";
    public const string ArchivedClientId = "66f1a0c2b7d14e3a9c5d0c03";

    /// <summary>"Bridge inspection", of Acme.</summary>
    public const string BridgeProjectId = "66f1a0c2b7d14e3a9c5d0b01";

    /// <summary>"Website", without a client.</summary>
    public const string WebsiteProjectId = "66f1a0c2b7d14e3a9c5d0b02";

    public const string ArchivedProjectId = "66f1a0c2b7d14e3a9c5d0b03";

    /// <summary>"Deck survey", ACTIVE, in the bridge project.</summary>
    public const string DeckTaskId = "66f1a0c2b7d14e3a9c5d0a01";

    /// <summary>"Permit application", DONE, in the bridge project.</summary>
    public const string DoneTaskId = "66f1a0c2b7d14e3a9c5d0a02";

    /// <summary>"Landing page", ACTIVE, in the website project.</summary>
    public const string LandingTaskId = "66f1a0c2b7d14e3a9c5d0a03";

    public const string OnSiteTagId = "66f1a0c2b7d14e3a9c5d0d01";
    public const string UrgentTagId = "66f1a0c2b7d14e3a9c5d0d02";
    public const string ArchivedTagId = "66f1a0c2b7d14e3a9c5d0d03";

    /// <summary>"Travel".</summary>
    public const string TravelCategoryId = "66f1a0c2b7d14e3a9c5d0f01";

    /// <summary>"Mileage", 30 cents per km.</summary>
    public const string MileageCategoryId = "66f1a0c2b7d14e3a9c5d0f02";

    /// <summary>Of Ada, in the bridge project.</summary>
    public const string ExpenseId = "66f1a0c2b7d14e3a9c5d0f11";

    /// <summary>"Vacation", in days.</summary>
    public const string VacationPolicyId = "66f1a0c2b7d14e3a9c5d0901";

    /// <summary>"Care", in hours.</summary>
    public const string CarePolicyId = "66f1a0c2b7d14e3a9c5d0902";

    /// <summary>A draft for Acme.</summary>
    public const string InvoiceId = "66f1a0c2b7d14e3a9c5d0801";

    /// <summary>"Surveyors", without members.</summary>
    public const string SurveyorsGroupId = "66f1a0c2b7d14e3a9c5d0701";

    /// <summary>"Cost centre", a text of time entries.</summary>
    public const string CostCentreFieldId = "66f1a0c2b7d14e3a9c5d0702";

    public const string CurrencyId = "672f9cf4ad6f45299c3e3de3";

    public static IReadOnlyList<SimulatedKey> Keys { get; } =
    [
        new(AdaKey, AdaUserId, "Ada", "ada@example.com", Role.Owner, [WorkspaceId]),
        new(BenKey, BenUserId, "Ben", "ben@example.com", Role.Admin, [WorkspaceId]) { TimeZone = "Europe/Berlin" },
        new(CleoKey, CleoUserId, "Cleo", "cleo@example.com", Role.Member, [WorkspaceId]),
        new(DanKey, DanUserId, "Dan", "dan@example.com", Role.Member, [WorkspaceId]),
        new(EveKey, EveUserId, "Eve", "eve@example.com", Role.Owner, [ForeignWorkspaceId]),
        new(AddonToken, AdaUserId, "Add-on", "ada@example.com", Role.Owner, [WorkspaceId], IsAddonToken: true),
    ];

    public static string WorkspaceName(string id) => id switch
    {
        WorkspaceId => "Simulated workspace",
        ForeignWorkspaceId => "Foreign workspace",
        _ => $"Workspace {id}",
    };

    public static void Fill(World world)
    {
        var workspace = world.Workspace(WorkspaceId);
        lock (world.Lock)
        {
            Add(workspace, new Client(AcmeClientId) { Name = "Acme" });
            Add(workspace, new Client(GlobexClientId) { Name = "Globex" });
            Add(workspace, new Client(ArchivedClientId) { Name = "Old client", Archived = true });

            Add(workspace, new Project(BridgeProjectId) { Name = "Bridge inspection", ClientId = AcmeClientId, Billable = true });
            Add(workspace, new Project(WebsiteProjectId) { Name = "Website", IsPublic = true });
            Add(workspace, new Project(ArchivedProjectId) { Name = "Old project", Archived = true });

            Add(workspace, new ProjectTask(DeckTaskId, BridgeProjectId) { Name = "Deck survey" });
            Add(workspace, new ProjectTask(DoneTaskId, BridgeProjectId) { Name = "Permit application", Status = "DONE" });
            Add(workspace, new ProjectTask(LandingTaskId, WebsiteProjectId) { Name = "Landing page" });

            Add(workspace, new Tag(OnSiteTagId) { Name = "On site" });
            Add(workspace, new Tag(UrgentTagId) { Name = "Urgent" });
            Add(workspace, new Tag(ArchivedTagId) { Name = "Old tag", Archived = true });

            Add(workspace, ObjectKinds.ExpenseCategories, TravelCategoryId, "Travel");
            Add(workspace, ObjectKinds.ExpenseCategories, MileageCategoryId, "Mileage", ("hasUnitPrice", true), ("priceInCents", 30), ("unit", "km"));
            workspace.Expenses.Add(ExpenseId, new Expense(ExpenseId) { UserId = AdaUserId, ProjectId = BridgeProjectId, CategoryId = TravelCategoryId, Date = "2026-07-10T00:00:00Z", Amount = 25.5m });
            Add(workspace, ObjectKinds.TimeOffPolicies, VacationPolicyId, "Vacation");
            Add(workspace, ObjectKinds.TimeOffPolicies, CarePolicyId, "Care", ("timeUnit", "HOURS"));
            Add(workspace, ObjectKinds.UserGroups, SurveyorsGroupId, "Surveyors");
            Add(workspace, ObjectKinds.CustomFields, CostCentreFieldId, "Cost centre");
            workspace.Invoices.Add(InvoiceId, new Invoice(InvoiceId) { Number = "2026-0041", ClientId = AcmeClientId, IssuedDate = "2026-06-30T00:00:00Z", DueDate = "2026-07-30T00:00:00Z" });
        }
    }

    private static void Add(Workspace workspace, Client client) => workspace.Clients.Add(client.Id, client);

    private static void Add(Workspace workspace, Project project) => workspace.Projects.Add(project.Id, project);

    private static void Add(Workspace workspace, ProjectTask task) =>
        workspace.Projects[task.ProjectId].Tasks.Add(task.Id, task);

    private static void Add(Workspace workspace, ObjectKind kind, string id, string name, params (string Member, JsonNode? Value)[] more)
    {
        var created = new JsonObject { ["id"] = id, ["workspaceId"] = workspace.Id };
        foreach (var (member, value) in kind.Defaults)
            created[member] = value?.DeepClone();
        created["name"] = name;
        foreach (var (member, value) in more)
            created[member] = value;
        workspace.Add(kind, created);
    }

    private static void Add(Workspace workspace, Tag tag) => workspace.Tags.Add(tag.Id, tag);
}
