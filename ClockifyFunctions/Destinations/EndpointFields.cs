namespace ClockifyFunctions.Destinations;

/// <summary>The body fields of the endpoints, as far as Clockify's schema and live behaviour agree.</summary>
internal static class EndpointFields
{
    private static readonly TemplateField CustomFields = new("customFields", FieldType.Objects, "Custom field values: items {customFieldId, value}. Fields left out get their defaults.") { MaxLength = 50 };
    private static readonly LostField CustomFieldValues = new("customFieldValues", "Clockify only answers with this name; send customFields with items {customFieldId, value}.");

    public static readonly TemplateField[] TimeEntry =
    [
        new("start", FieldType.DateTime, "When the work began. Left out on create: the server's time, and the timer runs."),
        new("end", FieldType.DateTime, "When the work ended. Left out: the timer runs."),
        new("description", FieldType.Text, "What was done.") { MaxLength = 3000, Forbidden = "<>" },
        new("billable", FieldType.Boolean, "A workspace policy can override it silently.") { Default = "false" },
        new("projectId", FieldType.Id, "The project."),
        new("taskId", FieldType.Id, "The task; it must belong to the project."),
        new("tagIds", FieldType.Ids, "The tags."),
        new("type", FieldType.Choice, "BREAK only where the workspace has breaks.") { Values = ["REGULAR", "BREAK"], Default = "\"REGULAR\"" },
        CustomFields,
    ];

    public static readonly TemplateField[] CreateTimeEntry =
    [
        .. TimeEntry,
        new("customAttributes", FieldType.Objects, "Items {namespace, name, value}, all three required.") { MaxLength = 10 },
    ];

    public static readonly TemplateField[] UpdateTimeEntry =
    [
        TimeEntry[0] with { Required = true, Description = "When the work began." },
        .. TimeEntry[1..],
    ];

    public static readonly LostField[] CreateTimeEntryLost =
    [
        CustomFieldValues,
        new("userId", "Clockify writes the entry for the key's owner; use a credential of that user."),
        new("duration", "Clockify computes it; send start and end."),
        new("timeInterval", "Clockify only answers with this name; send start and end."),
    ];

    public static readonly LostField[] UpdateTimeEntryLost = [.. CreateTimeEntryLost, new("customAttributes", "Clockify takes it on create only.")];

    public static readonly TemplateField[] StopTimer =
    [
        new("end", FieldType.DateTime, "When the running timer ends.") { Required = true },
    ];

    private static readonly TemplateField ProjectName = new("name", FieldType.Text, "Unique among the projects of its client.") { MinLength = 2, MaxLength = 250 };

    public static readonly TemplateField[] Project =
    [
        ProjectName,
        new("clientId", FieldType.Id, "The client."),
        new("isPublic", FieldType.Boolean, "Who may see it. Left out on update: false.") { Default = "false" },
        new("billable", FieldType.Boolean, "Whether its entries are billable. Left out on update: false.") { Default = "false" },
        new("color", FieldType.Color, "#RRGGBB. Left out on create: the server picks one."),
        new("note", FieldType.Text, "Free text.") { MaxLength = 16384 },
        new("hourlyRate", FieldType.Rate, "{\"amount\": 5000} is 50.00; amount in minor units."),
        new("costRate", FieldType.Rate, "{\"amount\": 5000} is 50.00; amount in minor units."),
    ];

    public static readonly TemplateField[] CreateProject =
    [
        ProjectName with { Required = true },
        .. Project[1..],
        new("estimate", FieldType.Object, "{\"estimate\": \"PT8H\", \"type\": \"MANUAL\"}."),
        new("memberships", FieldType.Objects, "Members: items {userId, membershipType, membershipStatus, hourlyRate}."),
        new("tasks", FieldType.Objects, "Tasks to create with it: items {name, assigneeIds, estimate, status}."),
    ];

    public static readonly TemplateField[] UpdateProject =
    [
        .. Project,
        new("archived", FieldType.Boolean, "Whether it is archived. Left out: kept."),
    ];

    private static readonly LostField[] ProjectLost =
    [
        new("public", "Clockify only answers with this name; send isPublic."),
        CustomFieldValues,
    ];

    public static readonly LostField[] CreateProjectLost = [.. ProjectLost, new("archived", "Clockify ignores it on create; set it with updateProject.")];

    public static readonly LostField[] UpdateProjectLost =
    [
        .. ProjectLost,
        new("estimate", "Clockify takes it on create only; afterwards with a manual PATCH to …/projects/{id}/estimate."),
        new("memberships", "Clockify takes them on create only; afterwards with a manual PATCH to …/projects/{id}/memberships."),
        new("tasks", "Clockify takes them on create only; use createTask."),
    ];

    public static readonly TemplateField[] CreateTask =
    [
        new("name", FieldType.Text, "Unique in its project.") { Required = true, MinLength = 1, MaxLength = 1000 },
        new("assigneeIds", FieldType.Ids, "The users it is assigned to."),
        new("userGroupIds", FieldType.Ids, "The user groups it is assigned to."),
        new("estimate", FieldType.Duration, "How long it should take, ISO-8601."),
        new("budgetEstimate", FieldType.Integer, "Budget in minor units, 0 or more."),
        new("status", FieldType.Choice, "DONE closes it.") { Values = ["ACTIVE", "DONE"], Default = "\"ACTIVE\"" },
    ];

    public static readonly TemplateField[] UpdateTask =
    [
        .. CreateTask,
        new("billable", FieldType.Boolean, "Whether its entries are billable.") { Default = "false" },
    ];

    public static readonly LostField[] UpdateTaskLost = [new("assigneeId", "It is deprecated; send assigneeIds.")];

    public static readonly LostField[] CreateTaskLost = [.. UpdateTaskLost, new("billable", "Clockify ignores it on create; set it with updateTask.")];

    public static readonly TemplateField[] CreateClient =
    [
        new("name", FieldType.Text, "Unique in the workspace.") { Required = true, MinLength = 1, MaxLength = 100 },
        new("email", FieldType.Email, "E-mail address."),
        new("address", FieldType.Text, "Postal address.") { MaxLength = 3000 },
        new("note", FieldType.Text, "Free text.") { MaxLength = 3000 },
    ];

    public static readonly TemplateField[] UpdateClient =
    [
        .. CreateClient,
        new("archived", FieldType.Boolean, "Whether it is archived.") { Default = "false" },
        new("ccEmails", FieldType.Emails, "Up to 3 more addresses. Left out: cleared.") { MaxLength = 3 },
        new("currencyId", FieldType.Id, "Left out: kept."),
    ];

    public static readonly LostField[] UpdateClientLost = [new("currencyCode", "Clockify ignores it; send currencyId with updateClient.")];

    public static readonly LostField[] CreateClientLost =
    [
        .. UpdateClientLost,
        new("ccEmails", "Clockify ignores it on create; set it with updateClient."),
        new("currencyId", "Clockify ignores it on create; set it with updateClient."),
        new("archived", "Clockify ignores it on create; set it with updateClient."),
    ];

    public static readonly TemplateField[] CreateTag =
    [
        new("name", FieldType.Text, "Unique in the workspace.") { Required = true, MinLength = 1, MaxLength = 100 },
    ];

    public static readonly TemplateField[] UpdateTag =
    [
        .. CreateTag,
        new("archived", FieldType.Boolean, "Whether it is archived. Left out: false.") { Default = "false" },
    ];

    public static readonly LostField[] CreateTagLost = [new("archived", "Clockify ignores it on create; set it with updateTag.")];
}
