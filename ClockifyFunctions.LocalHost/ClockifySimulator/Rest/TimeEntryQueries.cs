namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class TimeEntryQueries
{
    public static Answer NotFound => Answer.Invalid("Time entry doesn't belong to Workspace");

    public static void Map(IEndpointRouteBuilder routes, World world)
    {
        routes.Map(world, "GET", "/user/{userId}/time-entries", List);
        routes.Map(world, "GET", "/time-entries/{id}", Get);
    }

    private static Answer Get(Call call) =>
        call.Workspace.Entry(call.Route("id")) is { } entry
        && (entry.UserId == call.Caller.UserId || call.Caller.Manages)
            ? Answer.Ok(TimeEntryView.Read(entry, call.Workspace))
            : NotFound;

    private static Answer List(Call call)
    {
        var userId = call.Route("userId");
        if (userId != call.Caller.UserId && !call.Caller.Manages)
            return Answer.AccessDenied;

        IEnumerable<TimeEntry> found = call.Workspace.EntriesOf(userId);
        if (call.Query("description") is { Length: > 0 } text)
            found = found.Where(e => e.Description.Contains(text, StringComparison.OrdinalIgnoreCase));
        if (call.QueryFlag("in-progress"))
            found = found.Where(e => e.End is null);
        if (call.Query("project") is { Length: > 0 } project)
            found = found.Where(e => e.ProjectId == project);
        if (call.Query("task") is { Length: > 0 } task)
            found = found.Where(e => e.TaskId == task);
        if (call.QueryValues("tags") is { Length: > 0 } tags)
            found = found.Where(e => e.TagIds?.Any(tags.Contains) == true);

        var windowed = false;
        foreach (var (name, keeps) in Bounds)
        {
            if (call.Query(name) is not { Length: > 0 } written)
                continue;
            if (Timestamps.Parse(written) is not { } bound)
                return Answer.Invalid($"You entered invalid value for field: [{name}]. Required format is yyyy-MM-ddThh:mm:ssZ.");
            windowed = true;
            found = found.Where(e => keeps(e, bound));
        }

        // Observed at the service: a list with start or end omits entries that were created a moment before.
        if (windowed)
            found = found.Where(e => call.World.Now - e.CreatedAt >= call.Workspace.Flags.DateWindowLag);

        return Paging.Page(
            call,
            found.Reverse().OrderByDescending(e => e.Start),
            entry => TimeEntryView.Read(entry, call.Workspace));
    }

    private static readonly (string Name, Func<TimeEntry, DateTimeOffset, bool> Keeps)[] Bounds =
    [
        ("start", (entry, bound) => entry.Start >= bound),
        ("end", (entry, bound) => entry.Start <= bound),
    ];
}
