using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>The time entries of the seeded workspace, with the rules and messages of the real API.</summary>
internal sealed class TimeEntryStore(TimeProvider time)
{
    private const int DomainError = 501, JsonError = 3002;

    private readonly Lock _lock = new();
    private readonly List<JsonObject> _entries = [];
    private int _lastId;

    /// <summary>An answer: status and body.</summary>
    internal readonly record struct Answer(int Status, JsonNode? Body);

    public Answer Create(string userId, string body)
    {
        JsonObject record;
        try
        {
            if (JsonNode.Parse(body) is not JsonObject parsed) return Error(400, JsonError, "JSON parse error: not an object");
            record = parsed;
        }
        catch (JsonException malformed)
        {
            return Error(400, JsonError, $"JSON parse error: {malformed.Message}");
        }

        var description = "";
        if (record["description"] is { } text)
        {
            if (text.GetValueKind() != JsonValueKind.String) return Error(400, JsonError, "JSON parse error: description");
            description = text.GetValue<string>();
        }

        if (description.Length > 3000) return Error(400, DomainError, "Description is too long.");
        if (description.AsSpan().IndexOfAny('<', '>') >= 0) return Error(400, DomainError, "Don't use < and > characters");
        if (!TryReadTime(record, "start", out var start, out var problem)) return problem;
        if (!TryReadTime(record, "end", out var end, out problem)) return problem;
        if (end is not null && start is null) return Error(400, DomainError, "Can't create time entry with end time only.");
        if (end < start) return Error(400, DomainError, $"Start datetime {Format(start)} is greater than end datetime {Format(end)}.");
        if (end - start > TimeSpan.FromHours(999)) return Error(400, DomainError, "Time entry cannot have duration more than 999 hours.");
        if (record["projectId"]?.GetValue<string>() is { } project && !Seed.ProjectIds.Contains(project)) return Error(400, DomainError, "Project doesn't belong to Workspace");
        foreach (var tag in record["tagIds"]?.AsArray() ?? [])
            if (!Seed.TagIds.Contains(tag!.GetValue<string>())) return Error(400, DomainError, "Tag doesn't belong to Workspace");

        lock (_lock)
        {
            start ??= time.GetUtcNow();
            if (end is null) StopRunning(userId, start.Value);
            var entry = new JsonObject
            {
                ["id"] = string.Create(CultureInfo.InvariantCulture, $"66f1a0c2b7d14e3a{++_lastId:x8}"),
                ["description"] = description,
                ["tagIds"] = record["tagIds"]?.DeepClone(),
                ["userId"] = userId,
                ["billable"] = record["billable"]?.GetValue<bool>() ?? false,
                ["taskId"] = record["taskId"]?.DeepClone(),
                ["projectId"] = record["projectId"]?.DeepClone(),
                ["workspaceId"] = Seed.WorkspaceId,
                ["timeInterval"] = Interval(start.Value, end),
                ["customFieldValues"] = new JsonArray(),
                ["type"] = record["type"]?.DeepClone() ?? "REGULAR",
                ["kioskId"] = null,
                ["isLocked"] = false,
            };
            _entries.Add(entry);
            return new Answer(201, entry.DeepClone());
        }
    }

    /// <summary>A user's entries, newest first.</summary>
    public Answer List(string userId, string? description, int page, int pageSize)
    {
        lock (_lock)
        {
            var found = _entries
                .Where(entry => entry["userId"]!.GetValue<string>() == userId)
                .Where(entry => string.IsNullOrEmpty(description) || entry["description"]!.GetValue<string>().Contains(description, StringComparison.OrdinalIgnoreCase))
                .Reverse().Skip((page - 1) * pageSize).Take(pageSize).Select(entry => entry.DeepClone());
            return new Answer(200, new JsonArray([.. found]));
        }
    }

    public static Answer Error(int status, int code, string message) => new(status, new JsonObject { ["message"] = message, ["code"] = code });

    private void StopRunning(string userId, DateTimeOffset at)
    {
        var running = _entries.LastOrDefault(entry => entry["userId"]!.GetValue<string>() == userId && entry["timeInterval"]!["end"] is null);
        if (running is null) return;
        var start = DateTimeOffset.Parse(running["timeInterval"]!["start"]!.GetValue<string>(), CultureInfo.InvariantCulture);
        running["timeInterval"] = Interval(start, at > start ? at : start);
    }

    private static JsonObject Interval(DateTimeOffset start, DateTimeOffset? end) => new()
    {
        ["start"] = Format(start),
        ["end"] = Format(end),
        ["duration"] = end is { } stop ? System.Xml.XmlConvert.ToString(stop - start) : null,
    };

    private static bool TryReadTime(JsonObject record, string field, out DateTimeOffset? value, out Answer problem)
    {
        (value, problem) = (null, default);
        if (record[field] is not { } node) return true;
        var text = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : "";
        var hasZone = text.EndsWith('Z') || (text.Length > 6 && text[^3] == ':' && text[^6] is '+' or '-');
        if (!hasZone || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
        {
            problem = Error(400, DomainError, $"You entered invalid value for field: [{field}]. Required format is yyyy-MM-ddThh:mm:ssZ");
            return false;
        }

        value = DateTimeOffset.FromUnixTimeSeconds(parsed.ToUnixTimeSeconds());
        return true;
    }

    private static string? Format(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
