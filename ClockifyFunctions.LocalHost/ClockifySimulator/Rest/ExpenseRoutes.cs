using System.Globalization;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Requests have amounts in major units. Responses have the total in minor units. The messages of refusals that are not documented are texts of the simulator.</summary>
internal static class ExpenseRoutes
{
    private const string Feature = "EXPENSES";

    private static Answer NotFound => Answer.Invalid("Expense doesn't belong to Workspace");

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.MapFeature(world, Feature, "GET", "/expenses", List);
        routes.MapFeature(world, Feature, "GET", "/expenses/{id}", call => Find(call) is { } expense ? Answer.Ok(View(call, expense)) : NotFound);
        routes.MapFeature(world, Feature, "POST", "/expenses", Create);
        routes.MapFeature(world, Feature, "PUT", "/expenses/{id}", Update);
        routes.MapFeature(world, Feature, "DELETE", "/expenses/{id}", Delete);
    }

    /// <summary>user-id is the only filter. Rows show category, project and task as objects in place of their ids.</summary>
    private static Answer List(Call call)
    {
        IEnumerable<Expense> found = call.Workspace.Expenses.Values;
        if (call.Query("user-id") is { Length: > 0 } user)
            found = found.Where(expense => expense.UserId == user);
        var rows = found.ToList();
        var page = Paging.Page(call, rows, expense => Row(call, expense));
        return page.Status != 200 ? page : page with { Body = new JsonObject { ["expenses"] = new JsonObject { ["expenses"] = page.Body, ["count"] = rows.Count } } };
    }

    private static Answer Create(Call call)
    {
        if (MultipartBody.Read(call) is not { } body)
            return Answer.Error(400, 3000, "Required request parameter is not present");
        if (Refuse(call, body, needsProject: true) is { } wrong)
            return wrong;

        var expense = new Expense(call.World.Ids.Next());
        foreach (var field in Fields.Keys)
            Write(expense, body, field);
        call.Workspace.Expenses.Add(expense.Id, expense);
        return call.Applied(Answer.Created(View(call, expense)), expense.Id);
    }

    /// <summary>Changes the fields that changeFields names, and no other.</summary>
    private static Answer Update(Call call)
    {
        if (Find(call) is not { } expense)
            return NotFound;
        if (MultipartBody.Read(call) is not { } body || body.Texts("changeFields") is not [_, ..] changed)
            return Answer.Error(400, 3000, "Required request parameter 'changeFields' is not present");
        if (changed.FirstOrDefault(field => !Fields.ContainsKey(field)) is { } unknown)
            return Answer.Error(400, 3000, $"Failed to convert value '{unknown}' of parameter 'changeFields'");
        if (Refuse(call, body, needsProject: false) is { } wrong)
            return wrong;

        foreach (var field in changed)
            Write(expense, body, field);
        return call.Applied(Answer.Ok(View(call, expense)));
    }

    private static Answer Delete(Call call)
    {
        if (Find(call) is not { } expense)
            return NotFound;

        call.Workspace.Expenses.Remove(expense.Id);
        return call.Applied(new Answer(200));
    }

    private static readonly Dictionary<string, Action<Expense, MultipartBody>> Fields = new()
    {
        ["USER"] = (expense, body) => expense.UserId = body.Text("userId")!,
        ["DATE"] = (expense, body) => expense.Date = body.Text("date")!,
        ["PROJECT"] = (expense, body) => expense.ProjectId = body.Text("projectId") ?? "",
        ["TASK"] = (expense, body) => expense.TaskId = body.Text("taskId"),
        ["CATEGORY"] = (expense, body) => expense.CategoryId = body.Text("categoryId")!,
        ["NOTES"] = (expense, body) => expense.Notes = body.Text("notes") ?? "",
        ["AMOUNT"] = (expense, body) => expense.Amount = Amount(body)!.Value,
        ["BILLABLE"] = (expense, body) => expense.Billable = body.Text("billable") == "true",
        ["FILE"] = (expense, body) => expense.FileName = body.Text("file"),
    };

    private static void Write(Expense expense, MultipartBody body, string field) => Fields[field](expense, body);

    private static Answer? Refuse(Call call, MultipartBody body, bool needsProject)
    {
        string[] needed = needsProject ? ["userId", "categoryId", "date", "amount", "projectId"] : ["userId", "categoryId", "date", "amount"];
        if (needed.FirstOrDefault(name => string.IsNullOrEmpty(body.Text(name))) is { } missing)
            return Answer.Error(400, 3000, $"Required request parameter '{missing}' is not present");
        if (Timestamps.Parse(body.Text("date")!) is null)
            return Answer.Invalid("You entered invalid value for field: [date]. Required format is yyyy-MM-ddThh:mm:ssZ.");
        if (Amount(body) is not { } amount || amount < 0)
            return Answer.Invalid("Amount has to be a positive value.");
        if (!call.Workspace.Members.ContainsKey(body.Text("userId")!))
            return Answer.Invalid("User doesn't belong to Workspace");
        if (!call.Workspace.Objects(ObjectKinds.ExpenseCategories).ContainsKey(body.Text("categoryId")!))
            return Answer.Invalid("Category doesn't belong to Workspace");
        return body.Text("projectId") is { Length: > 0 } project && !call.Workspace.Projects.ContainsKey(project) ? ProjectRoutes.NotFound : null;
    }

    private static decimal? Amount(MultipartBody body) =>
        decimal.TryParse(body.Text("amount"), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) ? amount : null;

    private static Expense? Find(Call call) => call.Workspace.Expenses.GetValueOrDefault(call.Route("id"));

    private static JsonObject? Category(Call call, Expense expense) => call.Workspace.Objects(ObjectKinds.ExpenseCategories).GetValueOrDefault(expense.CategoryId);

    private static JsonObject Row(Call call, Expense expense)
    {
        var row = View(call, expense);
        var project = call.Workspace.Projects.GetValueOrDefault(expense.ProjectId);
        row.Remove("categoryId");
        row.Remove("projectId");
        row.Remove("taskId");
        row["category"] = Category(call, expense)?.DeepClone();
        row["project"] = project is null ? null : new JsonObject { ["id"] = project.Id, ["name"] = project.Name, ["clientId"] = project.ClientId };
        row["task"] = project?.Tasks.GetValueOrDefault(expense.TaskId ?? "") is { } task ? new JsonObject { ["id"] = task.Id, ["name"] = task.Name } : null;
        return row;
    }

    private static JsonObject View(Call call, Expense expense)
    {
        var price = Category(call, expense)?["priceInCents"]?.GetValue<long>();
        return new JsonObject
        {
            ["id"] = expense.Id,
            ["workspaceId"] = call.Workspace.Id,
            ["userId"] = expense.UserId,
            ["projectId"] = expense.ProjectId,
            ["taskId"] = expense.TaskId,
            ["categoryId"] = expense.CategoryId,
            ["date"] = expense.Date,
            ["notes"] = expense.Notes,
            ["billable"] = expense.Billable,
            ["quantity"] = price is null ? 1 : expense.Amount,
            ["total"] = expense.Amount * (price ?? 100),
            ["fileId"] = expense.FileName is null ? null : expense.Id,
            ["locked"] = false,
        };
    }
}
