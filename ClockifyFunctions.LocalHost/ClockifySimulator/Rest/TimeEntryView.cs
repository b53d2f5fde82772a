using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator.Rest;

internal static class TimeEntryView
{
    /// <summary>The 13 members of the vendor's schema: answers to create, update and stop.</summary>
    public static JsonObject Written(TimeEntry entry, Workspace workspace) => new()
    {
        ["id"] = entry.Id,
        ["description"] = entry.Description,
        ["tagIds"] = entry.TagIds is { } tags ? new JsonArray([.. tags.Select(t => JsonValue.Create(t))]) : null,
        ["userId"] = entry.UserId,
        ["billable"] = entry.Billable,
        ["taskId"] = entry.TaskId,
        ["projectId"] = entry.ProjectId,
        ["workspaceId"] = workspace.Id,
        ["timeInterval"] = new JsonObject
        {
            ["start"] = Timestamps.Text(entry.Start),
            ["end"] = entry.End is { } end ? Timestamps.Text(end) : null,
            ["duration"] = entry.End is { } until ? Duration(until - entry.Start, workspace.Flags) : null,
        },
        ["customFieldValues"] = CustomFields(entry),
        ["type"] = entry.Type,
        ["kioskId"] = null,
        ["isLocked"] = entry.Start < workspace.Flags.LockedBefore,
    };

    /// <summary>The response to a read or a list, which has two more members.</summary>
    public static JsonObject Read(TimeEntry entry, Workspace workspace)
    {
        var view = Written(entry, workspace);
        view["hourlyRate"] = null;
        view["costRate"] = null;
        return view;
    }

    private static string Duration(TimeSpan span, WorkspaceFlags flags) => Timestamps.Duration(
        flags.TrackTimeDownToSecond ? span : TimeSpan.FromMinutes(Math.Ceiling(span.TotalMinutes)));

    private static JsonArray CustomFields(TimeEntry entry) => new([.. entry.CustomFields
        .OfType<JsonObject>()
        .Select(sent => new JsonObject
        {
            ["customFieldId"] = sent["customFieldId"]?.DeepClone(),
            ["timeEntryId"] = entry.Id,
            ["name"] = "",
            ["type"] = "TXT",
            ["value"] = sent["value"]?.DeepClone(),
        })]);
}
