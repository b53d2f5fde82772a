using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Sync;

/// <summary>Finds the objects that match a record without a link: objects with its key in their marker, or with the natural key of the object that the record would create. Pure.</summary>
internal static class Adoption
{
    /// <summary>The list that contains the object of a call; null if it is not known, or if it cannot be read page by page.</summary>
    /// <param name="prepared">A call that is rendered.</param>
    public static ListKey? ListOf(Destination destination, Prepared prepared)
    {
        if (destination.Sync!.Object.Listed is not { } lookup || prepared.Rendered.Request is not { } request) return null;
        if (!lookup.IsListedByParent) return new ListKey(destination.WorkspaceId!, lookup.Name);
        var parent = $"{{{lookup.Within}}}";
        return prepared.Operation.Endpoint!.Path.Contains(parent, StringComparison.Ordinal) ? new ListKey(destination.WorkspaceId!, lookup.Name, EndpointPath.ValueOf(prepared.Operation, request, parent)) : null;
    }

    /// <param name="isTaken">Whether an object belongs to another key.</param>
    public static IReadOnlyList<Listed> Find(Destination destination, SyncRow row, RenderedRequest create, Snapshot list, Func<string, bool> isTaken)
    {
        var sync = destination.Sync!;
        if (sync.Marker is { } marker && Marked(marker, list, row, isTaken) is { Count: > 0 } marked) return marked;
        if (sync.Adopt == Adopt.Marker || sync.Object.MatchesBy is not { } by) return [];
        using var body = JsonDocument.Parse(create.Body);
        var others = new ReadBackRule("", [.. sync.Object.Create.ReadBack!.Same.Where(same => same != by)]);
        var match = list.Match(by.Found, NaturalKey.Text(body.RootElement, by.Sent), candidate => !isTaken(candidate.Id) && IsSame(others, body.RootElement, candidate));
        return match.One is { } one ? [one] : match.Found;
    }

    /// <summary>The members of an update that differ from the object, each with both values. Empty if the update would change nothing.</summary>
    /// <param name="update">The rendered body, before it is merged with the current object.</param>
    public static IReadOnlyList<(string Field, JsonElement Is, JsonElement Becomes)> Differences(EndpointTemplate endpoint, ReadOnlyMemory<byte> update, RawJson current)
    {
        var (changes, now) = (JsonElement.Parse(update.Span), JsonElement.Parse(current.Utf8.Span));
        var different = new List<(string, JsonElement, JsonElement)>();
        foreach (var member in changes.EnumerateObject())
        {
            var rule = endpoint.Merge?.FirstOrDefault(rule => rule.Field == member.Name);
            new AttributePath(rule?.Path ?? member.Name).TryFind(now, out var value);
            if (!AreEqual(endpoint.Field(member.Name), member.Value, value, rule?.Scale ?? 1)) different.Add((member.Name, value, member.Value));
        }

        return different;
    }

    private static bool IsSame(ReadBackRule others, JsonElement body, Listed candidate)
    {
        if (others.Same.Count == 0) return true;
        using var listed = JsonDocument.Parse(candidate.Json.Utf8);
        return NaturalKey.IsSame(others, body, listed.RootElement, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
    }

    private static List<Listed> Marked(Marker marker, Snapshot list, SyncRow row, Func<string, bool> isTaken)
    {
        var code = Encoding.UTF8.GetBytes(marker.CustomField is null ? Preparation.MarkerOf(row.KeyHash) : $"\"value\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(row.Key)}\"");
        return [.. list.Rows.Where(candidate => candidate.Json.Utf8.Span.IndexOf(code) >= 0 && !isTaken(candidate.Id))];
    }

    private static bool AreEqual(TemplateField? field, JsonElement sent, JsonElement found, decimal scale)
    {
        if (IsNothing(sent) && IsNothing(found)) return true;
        if (sent.ValueKind == JsonValueKind.Number && found.ValueKind == JsonValueKind.Number && sent.TryGetDecimal(out var wanted) && found.TryGetDecimal(out var there)) return wanted == there * scale;
        if (sent.ValueKind == JsonValueKind.String && found.ValueKind == JsonValueKind.String)
            return field?.Type switch
            {
                FieldType.DateTime => NaturalKey.AreSame(SameKind.Moment, sent.GetString()!, found.GetString()!),
                FieldType.Color or FieldType.Email => string.Equals(sent.GetString(), found.GetString(), StringComparison.OrdinalIgnoreCase),
                _ => sent.GetString() == found.GetString(),
            };
        if (sent.ValueKind == JsonValueKind.Array && found.ValueKind == JsonValueKind.Array && field?.Type is FieldType.Ids)
            return sent.EnumerateArray().Select(id => id.ToString()).Order(StringComparer.Ordinal).SequenceEqual(found.EnumerateArray().Select(id => id.ToString()).Order(StringComparer.Ordinal));
        return JsonElement.DeepEquals(sent, found);
    }

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };
}
