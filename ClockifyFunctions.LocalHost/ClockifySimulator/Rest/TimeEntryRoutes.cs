using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

/// <summary>Writing time entries; reading is in <see cref="TimeEntryQueries"/>.</summary>
internal static class TimeEntryRoutes
{
    private static readonly Dictionary<string, MemberKind> Members = new()
    {
        ["start"] = MemberKind.Instant,
        ["end"] = MemberKind.Instant,
        ["description"] = MemberKind.Text,
        ["billable"] = MemberKind.Flag,
        ["projectId"] = MemberKind.Text,
        ["taskId"] = MemberKind.Text,
        ["tagIds"] = MemberKind.List,
        ["type"] = MemberKind.Text,
        ["customFields"] = MemberKind.List,
    };

    private static readonly Dictionary<string, MemberKind> ListMembers = new(Members) { ["id"] = MemberKind.Text };

    private static readonly Dictionary<string, MemberKind> StopMembers = new() { ["end"] = MemberKind.Instant };

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.Map(world, "POST", "/time-entries", call => Create(call, call.Caller.UserId, forUser: false));
        routes.MapFeature(world, "ADD_TIME_FOR_OTHERS", "POST", "/user/{userId}/time-entries", CreateForUser);
        routes.MapFeature(world, "BULK_EDIT", "PUT", "/user/{userId}/time-entries", UpdateMany);
        routes.Map(world, "DELETE", "/user/{userId}/time-entries", DeleteMany);
        routes.Map(world, "PATCH", "/user/{userId}/time-entries", Stop);
        routes.Map(world, "PUT", "/time-entries/{id}", Update);
        routes.Map(world, "DELETE", "/time-entries/{id}", Delete);
        TimeEntryQueries.Map(routes, world);
    }

    private static Answer CreateForUser(Call call)
    {
        var userId = call.Route("userId");
        if (call.Query("from-entry") is { Length: > 0 } source && call.Workspace.Entry(source) is null)
            return Answer.Empty404;

        // The response to a regular member who writes for another user is not documented. The simulator assumes 403 with code 501.
        return call.Workspace.Members.ContainsKey(userId) && (userId == call.Caller.UserId || call.Caller.Manages)
            ? Create(call, userId, forUser: true)
            : Answer.AccessDenied;
    }

    private static Answer Create(Call call, string userId, bool forUser)
    {
        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (body.Has("end") && !body.Has("start"))
            return Answer.Invalid("Can't create time entry with end time only.");

        var now = call.World.Now;
        var start = body.Instant("start") ?? now;
        if ((ForcedTimer(call, body, forUser)
            ?? TimeEntryRules.Locked(call, start)
            ?? TimeEntryRules.Refuse(call, body, start, creating: true)) is { } wrong)
        {
            return wrong;
        }

        var entry = new TimeEntry(call.World.Ids.Next(), userId, now);
        Write(entry, body, start);
        call.Workspace.Add(entry, now);
        call.World.Ledger.Add(new CreatedTimeEntry(
            entry.Id, call.Workspace.Id, userId, entry.Description, entry.Start, call.Exchange.Call.Key));
        return call.Applied(Answer.Created(TimeEntryView.Written(entry, call.Workspace)), entry.Id);
    }

    /// <summary>Replaces everything but the type: members left out are cleared, and without an end the timer runs.</summary>
    private static Answer Update(Call call)
    {
        if (Find(call, call.Route("id")) is not { } entry)
            return NotFound;

        var (body, refused) = call.ReadBody(Members);
        if (body is null)
            return refused!;
        if (Refuse(call, entry, body) is { } wrong)
            return wrong;

        Replace(call, entry, body);
        return call.Applied(Answer.Ok(TimeEntryView.Written(entry, call.Workspace)));
    }

    /// <summary>All or none: whether the service applies the good ones beside a bad one is not known.</summary>
    private static Answer UpdateMany(Call call)
    {
        var (bodies, refused) = Body.ParseList(call.Exchange.Body, ListMembers);
        if (bodies is null)
            return refused!;

        var entries = new List<TimeEntry>();
        foreach (var body in bodies)
        {
            if (Find(call, body.Text("id") ?? "") is not { } entry || entry.UserId != call.Route("userId"))
                return NotFound;
            if (Refuse(call, entry, body) is { } wrong)
                return wrong;
            entries.Add(entry);
        }

        foreach (var (entry, body) in entries.Zip(bodies))
            Replace(call, entry, body);
        return call.Applied(Answer.Ok(new JsonArray([.. entries.Select(entry => TimeEntryView.Written(entry, call.Workspace))])));
    }

    private static Answer? Refuse(Call call, TimeEntry entry, Body body)
    {
        if (body.Instant("start") is not { } start)
            return Answer.Invalid("You entered invalid value for field: [start]. Required format is yyyy-MM-ddThh:mm:ssZ.");
        return TimeEntryRules.Locked(call, start < entry.Start ? start : entry.Start)
            ?? TimeEntryRules.Refuse(call, body, start, creating: false);
    }

    private static void Replace(Call call, TimeEntry entry, Body body)
    {
        Write(entry, body, body.Instant("start")!.Value);
        call.Workspace.NoteTimer(entry, call.World.Now);
    }

    private static Answer Delete(Call call)
    {
        if (Find(call, call.Route("id")) is not { } entry)
            return NotFound;
        if (TimeEntryRules.Locked(call, entry.Start) is { } locked)
            return locked;

        call.Workspace.Remove(entry);
        return call.Applied(Answer.NoContent);
    }

    /// <summary>All or none, as <see cref="UpdateMany"/>.</summary>
    private static Answer DeleteMany(Call call)
    {
        string[] ids = [.. call.QueryValues("time-entry-ids").SelectMany(ids => ids.Split(','))];
        if (ids is [])
            return Answer.Error(400, 3000, "Required request parameter 'time-entry-ids' is not present");

        var entries = ids.Distinct().Select(id => Find(call, id)).ToList();
        if (entries.Exists(entry => entry is null || entry.UserId != call.Route("userId")))
            return NotFound;
        if (entries.Select(entry => TimeEntryRules.Locked(call, entry!.Start)).FirstOrDefault(wrong => wrong is not null) is { } locked)
            return locked;

        foreach (var entry in entries)
            call.Workspace.Remove(entry!);
        return call.Applied(Answer.Ok(new JsonArray([.. entries.Select(entry => TimeEntryView.Written(entry!, call.Workspace))])));
    }

    private static Answer Stop(Call call)
    {
        var userId = call.Route("userId");
        if (userId != call.Caller.UserId && !call.Caller.Manages)
            return Answer.AccessDenied;

        var (body, refused) = call.ReadBody(StopMembers);
        if (body is null)
            return refused!;
        if (body.Instant("end") is not { } end)
            return Answer.Invalid("You entered invalid value for field: [end]. Required format is yyyy-MM-ddThh:mm:ssZ.");
        if (call.Workspace.RunningEntryOf(userId) is not { } entry)
        {
            return Answer.Error(
                404,
                404,
                $"Currently running time entry doesn't exist on workspace {call.Workspace.Id} for user {userId}.");
        }

        if ((TimeEntryRules.Interval(entry.Start, end) ?? TimeEntryRules.ForcedProject(call.Workspace, entry.ProjectId)) is { } wrong)
            return wrong;

        entry.End = end;
        call.Workspace.NoteTimer(entry, end);
        return call.Applied(Answer.Ok(TimeEntryView.Written(entry, call.Workspace)));
    }

    // Owners and admins are exempt only where they name the user.
    private static Answer? ForcedTimer(Call call, Body body, bool forUser) =>
        call.Workspace.Flags.ForceTimer && body.Has("end") && !(forUser && call.Caller.Manages)
            ? Answer.Error(403, 4030, "Manual time tracking disabled")
            : null;

    // A regular member's view of other people's entries is assumed to be that of an unknown id.
    private static TimeEntry? Find(Call call, string id) =>
        call.Workspace.Entry(id) is { } entry
        && (entry.UserId == call.Caller.UserId || call.Caller.Manages)
            ? entry
            : null;

    private static Answer NotFound => TimeEntryQueries.NotFound;

    private static void Write(TimeEntry entry, Body body, DateTimeOffset start)
    {
        entry.Start = start;
        entry.End = body.Instant("end");
        entry.Description = body.Text("description") ?? "";
        entry.Billable = body.Flag("billable") ?? false;
        entry.ProjectId = body.Text("projectId") is { Length: > 0 } projectId ? projectId : null;
        entry.TaskId = body.Text("taskId") is { Length: > 0 } taskId ? taskId : null;
        entry.TagIds = body.Texts("tagIds");
        entry.Type = body.Text("type") ?? entry.Type;
        entry.CustomFields = body.List("customFields") ?? [];
    }
}
