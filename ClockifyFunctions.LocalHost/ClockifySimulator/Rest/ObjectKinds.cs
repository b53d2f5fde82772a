using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>The kinds of objects that need no code of their own. Behaviour marked as assumed has no documented source.</summary>
internal static class ObjectKinds
{
    /// <summary>That a taken name is refused is assumed.</summary>
    public static ObjectKind UserGroups { get; } = new("/user-groups", "User group")
    {
        Members = new Dictionary<string, MemberKind> { ["name"] = MemberKind.Text },
        Defaults = new JsonObject { ["name"] = "", ["teamManagers"] = new JsonArray(), ["userIds"] = new JsonArray() },
        NameIsUnique = true,
    };

    public static ObjectKind CustomFields { get; } = new("/custom-fields", "Custom field")
    {
        Members = new Dictionary<string, MemberKind>
        {
            ["name"] = MemberKind.Text,
            ["type"] = MemberKind.Text,
            ["entityType"] = MemberKind.Text,
            ["status"] = MemberKind.Text,
            ["description"] = MemberKind.Text,
            ["placeholder"] = MemberKind.Text,
            ["allowedValues"] = MemberKind.List,
            ["required"] = MemberKind.Flag,
            ["onlyAdminCanEdit"] = MemberKind.Flag,
        },
        Needed = ["name", "type"],
        Defaults = new JsonObject
        {
            ["name"] = "",
            ["type"] = "TXT",
            ["entityType"] = "TIMEENTRY",
            ["status"] = "VISIBLE",
            ["description"] = "",
            ["placeholder"] = "",
            ["allowedValues"] = new JsonArray(),
            ["required"] = false,
            ["onlyAdminCanEdit"] = false,
            ["projectDefaultValues"] = new JsonArray(),
            ["workspaceDefaultValue"] = null,
        },
        Feature = "CUSTOM_FIELDS",
        IsPaged = false,
        DeleteStatus = 204,
        Filters = new Dictionary<string, Func<JsonObject, string[], bool>>
        {
            ["status"] = (field, wanted) => wanted is [] || wanted.Contains((string?)field["status"]),
            ["entity-type"] = (field, wanted) => wanted is [] || wanted.Contains((string?)field["entityType"]),
        },
    };

    /// <summary>That a list without <c>archived</c> has both kinds is assumed.</summary>
    public static ObjectKind ExpenseCategories { get; } = new("/expenses/categories", "Category")
    {
        Members = new Dictionary<string, MemberKind>
        {
            ["name"] = MemberKind.Text,
            ["hasUnitPrice"] = MemberKind.Flag,
            ["priceInCents"] = MemberKind.Number,
            ["unit"] = MemberKind.Text,
        },
        Defaults = new JsonObject { ["name"] = "", ["hasUnitPrice"] = false, ["priceInCents"] = null, ["unit"] = "", ["archived"] = false },
        Feature = "EXPENSES",
        At = "categories",
        ArchivedBeforeDelete = true,
        DeleteStatus = 204,
        Filters = new Dictionary<string, Func<JsonObject, string[], bool>>
        {
            ["archived"] = (category, wanted) => wanted is [] || wanted is [var archived] && (archived == "true") == (bool)category["archived"]!,
        },
    };

    /// <summary>That a list without <c>status</c> has the active ones only is assumed.</summary>
    public static ObjectKind TimeOffPolicies { get; } = new("/time-off/policies", "Policy")
    {
        Members = new Dictionary<string, MemberKind>
        {
            ["name"] = MemberKind.Text,
            ["approve"] = MemberKind.Object,
            ["timeUnit"] = MemberKind.Text,
            ["archived"] = MemberKind.Flag,
            ["color"] = MemberKind.Text,
            ["icon"] = MemberKind.Text,
            ["allowHalfDay"] = MemberKind.Flag,
            ["allowNegativeBalance"] = MemberKind.Flag,
            ["everyoneIncludingNew"] = MemberKind.Flag,
            ["users"] = MemberKind.Object,
            ["userGroups"] = MemberKind.Object,
        },
        Needed = ["name", "approve"],
        Defaults = new JsonObject
        {
            ["name"] = "",
            ["approve"] = null,
            ["timeUnit"] = "DAYS",
            ["archived"] = false,
            ["color"] = null,
            ["icon"] = null,
            ["allowHalfDay"] = false,
            ["allowNegativeBalance"] = false,
            ["everyoneIncludingNew"] = false,
            ["userIds"] = new JsonArray(),
            ["userGroupIds"] = new JsonArray(),
        },
        Feature = "TIME_OFF",
        CanGet = true,
        Filters = new Dictionary<string, Func<JsonObject, string[], bool>>
        {
            ["status"] = (policy, wanted) => wanted is ["ALL"] || (wanted is ["ARCHIVED"]) == (bool)policy["archived"]!,
        },
    };

    public static ObjectKind Holidays { get; } = new("/holidays", "Holiday")
    {
        Members = new Dictionary<string, MemberKind>
        {
            ["name"] = MemberKind.Text,
            ["datePeriod"] = MemberKind.Object,
            ["occursAnnually"] = MemberKind.Flag,
            ["everyoneIncludingNew"] = MemberKind.Flag,
            ["color"] = MemberKind.Text,
            ["users"] = MemberKind.Object,
            ["userGroups"] = MemberKind.Object,
        },
        Needed = ["name", "datePeriod"],
        Defaults = new JsonObject
        {
            ["name"] = "",
            ["datePeriod"] = null,
            ["occursAnnually"] = false,
            ["everyoneIncludingNew"] = false,
            ["color"] = null,
            ["userIds"] = new JsonArray(),
            ["userGroupIds"] = new JsonArray(),
        },
        Feature = "TIME_OFF",
        IsPaged = false,
        CreateStatus = 200,
        Filters = new Dictionary<string, Func<JsonObject, string[], bool>>
        {
            ["assigned-to"] = (holiday, wanted) => wanted is not [var user] || holiday["userIds"]!.AsArray().Any(id => (string?)id == user),
        },
    };

    /// <summary>Every answer has the token with which Clockify signs its calls.</summary>
    public static ObjectKind Webhooks { get; } = new("/webhooks", "Webhook")
    {
        Members = new Dictionary<string, MemberKind>
        {
            ["name"] = MemberKind.Text,
            ["url"] = MemberKind.Text,
            ["webhookEvent"] = MemberKind.Text,
            ["triggerSource"] = MemberKind.List,
            ["triggerSourceType"] = MemberKind.Text,
        },
        Needed = ["name", "url", "webhookEvent", "triggerSource", "triggerSourceType"],
        Defaults = new JsonObject
        {
            ["name"] = "",
            ["url"] = "",
            ["webhookEvent"] = "",
            ["triggerSource"] = new JsonArray(),
            ["triggerSourceType"] = "",
            ["enabled"] = true,
            ["authToken"] = "simulated-auth-token",
        },
        At = "webhooks",
        CountAt = "workspaceWebhookCount",
        IsPaged = false,
        CanGet = true,
    };

    public static IReadOnlyList<ObjectKind> All { get; } = [UserGroups, CustomFields, ExpenseCategories, TimeOffPolicies, Holidays, Webhooks];
}
