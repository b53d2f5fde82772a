using System.Text.Json;

namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>A time entry with names instead of ids.</summary>
/// <param name="User">E-mail address.</param>
/// <param name="End">Empty if the timer runs.</param>
/// <param name="Tags">Sorted, and separated by <c>, </c>.</param>
internal sealed record EntryLine(string User, string? Client, string? Project, string? Task, string Description, string Start, string End, string Tags, bool Billable)
{
    public static string Join(IEnumerable<string> tags) => string.Join(", ", tags.Order(StringComparer.Ordinal));
}

/// <summary>A row that must not become an entry.</summary>
internal sealed record QuarantinedRow(string Key, string Kind)
{
    private static readonly string[] FailedReferences = ["ambiguous", "unresolved", "archived", "wrong parent", "hidden"];

    /// <param name="entry">An entry of the quarantine, as the API answers it.</param>
    /// <param name="keyAttribute">The attribute that names a row.</param>
    public static QuarantinedRow Of(JsonElement entry, string keyAttribute)
    {
        var (kind, reason) = (entry.GetProperty("kind").GetString()!, entry.GetProperty("reason").GetString()!);
        var key = entry.TryGetProperty("record", out var record) && record.TryGetProperty(keyAttribute, out var value) ? value.ToString() : entry.GetProperty("id").GetString()!;
        return new QuarantinedRow(key, KindOf(kind, reason));
    }

    /// <summary>The kind of a quarantine entry. If a reference failed, the reason contains the kind: <c>unresolved: …</c>.</summary>
    public static string KindOf(string kind, string reason) => FailedReferences.FirstOrDefault(failed => reason.Contains($"{failed}: ", StringComparison.Ordinal)) ?? kind;
}

/// <summary>The expected workspace after the import of a file.</summary>
/// <param name="KeyName">The member that identifies a row of <paramref name="Quarantined"/>.</param>
/// <param name="Created">Tasks and tags that did not exist before, as <see cref="WorkspaceState.Created"/> writes them.</param>
internal sealed record Expectation(IReadOnlyList<(string Key, EntryLine Entry)> Entries, string KeyName, IReadOnlyList<QuarantinedRow> Quarantined, IReadOnlyList<string> Created)
{
    /// <exception cref="JsonException">The text is not valid JSON of this form.</exception>
    public static Expectation Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            var (created, quarantined) = (root.GetProperty("created"), root.GetProperty("quarantined"));
            var keyName = quarantined.EnumerateArray().SelectMany(row => row.EnumerateObject()).FirstOrDefault(member => member.Name != "kind") is { Value.ValueKind: JsonValueKind.String } key ? key.Name : "key";
            return new Expectation(
                [.. root.GetProperty("entries").EnumerateArray().Select(entry => (entry.GetProperty("key").GetString()!, Entry(entry)))],
                keyName,
                [.. quarantined.EnumerateArray().Select(row => new QuarantinedRow(row.GetProperty(keyName).GetString()!, row.GetProperty("kind").GetString()!))],
                [
                    .. created.GetProperty("tasks").EnumerateArray().Select(task => WorkspaceState.Task(Text(task, "client"), Text(task, "project"), Text(task, "name"))),
                    .. created.GetProperty("tags").EnumerateArray().Select(tag => WorkspaceState.Tag(tag.GetString()!)),
                ]);
        }
        catch (Exception wrong) when (wrong is KeyNotFoundException or InvalidOperationException)
        {
            throw new JsonException($"A member is missing or has another type: {wrong.Message}", wrong);
        }
    }

    private static EntryLine Entry(JsonElement entry) => new(
        Text(entry, "user") ?? "", Text(entry, "client"), Text(entry, "project"), Text(entry, "task"), Text(entry, "description") ?? "", Text(entry, "start") ?? "", Text(entry, "end") ?? "",
        EntryLine.Join(entry.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!)), entry.GetProperty("billable").GetBoolean());

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value.GetString() : null;
}
