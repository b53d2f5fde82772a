using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ClockifyFunctions.Backlog;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.References;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Sync;

/// <summary>The request of a record, after the decision.</summary>
/// <param name="Operation">The destination whose endpoint is called.</param>
/// <param name="Link">The object that is changed; none for a create.</param>
/// <param name="First">A call that has to succeed before the call of the record; null if there is none.</param>
internal sealed record Prepared(Destination Operation, RenderResult Rendered, Change Change, Link Link, RenderedRequest? First = null)
{
    /// <summary>The listed object, if it equals the record. Nothing is sent then.</summary>
    public RawJson? AsListed { get; init; }

    /// <summary>Whether the request already contains the values of the object that the record does not give. The object is not read first then.</summary>
    public bool IsMerged { get; init; }

    /// <summary>The list that contains the adopted object.</summary>
    public ListKey? FoundIn { get; init; }
}

/// <summary>Renders the request for a decision, for delivery and for plans. Pure.</summary>
internal static class Preparation
{
    private const int MostNamed = 10;

    private static readonly RawJson NoRecord = new("{}"u8.ToArray());

    /// <param name="destination">A destination with <c>sync</c>.</param>
    /// <param name="step">A step that needs a call.</param>
    /// <param name="link">The object that is changed; none for a create.</param>
    public static Prepared Of(Destination destination, SyncStep step, SyncRow row, Link link, RawJson record, Resolved resolved, DateTimeOffset now)
    {
        if (destination.Sync is not { } sync || step is SyncStep.Create or SyncStep.AdoptOnly) return new Prepared(destination, Marked(RequestRenderer.Render(destination, record, now, resolved), destination.Sync?.Marker, row, isCreate: true), Change.Created, default);
        switch (step)
        {
            case SyncStep.Archive:
                return new Prepared(sync.Archive!, Fixed(sync.Archive!, link, now), Change.Archived, link);
            case SyncStep.Delete:
                return new Prepared(sync.Delete!, Fixed(sync.Delete!, link, now), Change.Deleted, link);
            default:
                var rendered = Marked(InItsParent(sync, link, RequestRenderer.Render(sync.Update!, record, now, WithIds(sync.Update!, link, resolved))), sync.Marker, row, isCreate: false);
                if (step != SyncStep.Restore) return new Prepared(sync.Update!, rendered, Change.Updated, link);
                if (sync.Restore is { } restore) return new Prepared(sync.Update!, rendered, Change.Restored, link, Fixed(restore, link, now).Request);
                return new Prepared(sync.Update!, With(rendered, sync.Object.Archive!.Restore!.Value), Change.Restored, link);
        }
    }

    /// <summary>Adopts an existing object and updates it if it differs from the record.</summary>
    /// <param name="step"><see cref="SyncStep.Create"/> or <see cref="SyncStep.AdoptOnly"/>.</param>
    /// <param name="candidates">From <see cref="Adoption.Find"/>.</param>
    public static Prepared Adopt(Destination destination, SyncStep step, SyncRow row, Prepared create, ListKey list, IReadOnlyList<Listed> candidates, RawJson record, Resolved resolved, DateTimeOffset now)
    {
        var sync = destination.Sync!;
        if (candidates.Count == 0)
            return step == SyncStep.Create ? create : create with { Rendered = Refused($"No object is linked to key \"{row.Key}\" or matches it, and mode update creates none.") };
        if (candidates.Count > 1)
            return create with { Rendered = Refused($"The record matches {candidates.Count} objects: {string.Join(", ", candidates.Take(MostNamed).Select(one => one.Id))}. Link it by a marker, or make the objects differ.") };
        var found = candidates[0];
        if (!ObjectId.TryParse(found.Id, out var id)) return create;
        var link = create.Link with { Id = id, Parent = ParentOf(destination, create) };
        if (sync.Update is null) return create with { Change = Change.Adopted, Link = link, AsListed = found.Json };
        var isRestored = found.IsArchived && SyncDecision.CanRestore(sync);
        var update = Of(destination, isRestored ? SyncStep.Restore : SyncStep.Update, row, link, record, resolved, now) with { Change = Change.Adopted, FoundIn = list };
        var isEqual = !isRestored && update.Rendered.Request is { } request && Adoption.Differences(sync.Update.Endpoint!, request.Body, found.Json).Count == 0;
        return isEqual ? update with { AsListed = found.Json } : update;
    }

    /// <summary>Merges an update with the listed object instead of reading the object, for credentials with few calls.</summary>
    public static Prepared Merged(Prepared update, RawJson current) => update.Rendered.Request is not { } request || update.Operation.UpdateMode != UpdateMode.Merge ? update : update with
    {
        IsMerged = true,
        Rendered = update.Rendered with { Request = request with { Body = ObjectMerge.Merge(update.Operation.Endpoint!, JsonElement.Parse(current.Utf8.Span), request.Body) } },
    };

    /// <summary>The id of the object that contains the created object; none for most kinds.</summary>
    public static ObjectId ParentOf(Destination destination, Prepared create) =>
        destination.Sync!.Object.Parent is { } name && create.Rendered.Request is { } request && ObjectId.TryParse(EndpointPath.ValueOf(destination, request, $"{{{name}}}"), out var parent) ? parent : default;

    private static RenderResult Refused(string reason) => RenderResult.Refused(new Problem("$", reason));

    /// <summary>The text in an object that names its key.</summary>
    public static string MarkerOf(UInt128 key) => $"[k:{(ulong)key:x16}]";

    /// <summary>A call whose body is the same for all objects.</summary>
    private static RenderResult Fixed(Destination operation, Link link, DateTimeOffset now) => RequestRenderer.Render(operation, NoRecord, now, WithIds(operation, link, Resolved.Nothing));

    private static Resolved WithIds(Destination operation, Link link, Resolved resolved)
    {
        var ids = new Dictionary<string, IReadOnlyList<string>>(resolved.Ids) { [operation.Endpoint!.Id!.Name] = [link.Id.ToString()] };
        if (!link.Parent.IsNone && operation.Endpoint.Inputs.Skip(1).FirstOrDefault(input => !input.Query) is { } parent) ids.TryAdd(parent.Name, [link.Parent.ToString()]);
        return new Resolved { Ids = ids, UserZone = resolved.UserZone };
    }

    /// <summary>Refuses a record with another parent than its object, because Clockify cannot move objects between parents.</summary>
    private static RenderResult InItsParent(SyncRules sync, Link link, RenderResult rendered)
    {
        if (rendered.Request is null || link.Parent.IsNone || sync.Object.Parent is not { } name || !sync.Update!.Endpoint!.Path.Contains($"{{{name}}}", StringComparison.Ordinal)) return rendered;
        var parent = EndpointPath.ValueOf(sync.Update, rendered.Request, $"{{{name}}}");
        return parent == link.Parent.ToString() ? rendered
            : RenderResult.Refused(new Problem($"$.{name}", $"is {parent}, and object {link.Id} lies in {link.Parent}; Clockify moves no such object. Delete it in Clockify, or send the record under another key."));
    }

    private static RenderResult With(RenderResult rendered, JsonElement members) =>
        rendered.Request is not { } request ? rendered : rendered with { Request = request with { Body = With(request.Body, members) } };

    /// <summary>Adds the marker to its field. An update without this field does not change it.</summary>
    private static RenderResult Marked(RenderResult rendered, Marker? marker, SyncRow row, bool isCreate)
    {
        if (rendered.Request is not { } request || marker is not { CustomField: null }) return rendered;
        using var body = JsonDocument.Parse(request.Body);
        var isGiven = body.RootElement.TryGetProperty(marker.Field, out var given) && given.ValueKind == JsonValueKind.String;
        if (!isGiven && !isCreate) return rendered;
        var (text, code) = (isGiven ? given.GetString()! : "", MarkerOf(row.KeyHash));
        if (text.Contains(code, StringComparison.Ordinal)) return rendered;
        var separator = text.Length == 0 ? "" : marker.Field == "description" ? " " : "\n";
        var members = JsonSerializer.SerializeToElement(new Dictionary<string, string> { [marker.Field] = $"{text}{separator}{code}" }, SyncJson.Web.DictionaryStringString);
        return With(rendered, members);
    }

    /// <summary>Replaces members of a JSON object.</summary>
    private static byte[] With(ReadOnlyMemory<byte> body, JsonElement members)
    {
        using var parsed = JsonDocument.Parse(body);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var member in parsed.RootElement.EnumerateObject())
                if (!members.TryGetProperty(member.Name, out _)) member.WriteTo(writer);
            foreach (var member in members.EnumerateObject()) member.WriteTo(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
