using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Storage;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Rendering;

/// <summary>Shows the requests that delivery would send for some records. It uses the same code as delivery. Pure.</summary>
/// <param name="Requests">The requests, in the order in which they would be sent.</param>
/// <param name="Refused">Records for which no call would be made.</param>
internal sealed record Preview(IReadOnlyList<Preview.Call> Requests, IReadOnlyList<Preview.Refusal> Refused)
{
    /// <param name="Records">Indexes of the records in the request.</param>
    internal sealed record Call(RenderedRequest Request, IReadOnlyList<int> Records, IReadOnlyList<Problem> Warnings);

    internal sealed record Refusal(int Record, IReadOnlyList<Problem> Problems);

    /// <summary>The result of resolving the references of a record.</summary>
    /// <param name="Refused">The reasons why the record cannot be sent; empty if it can be sent.</param>
    internal sealed record Names(Resolved Resolved, IReadOnlyList<Problem> Refused, IReadOnlyList<Problem> Warnings);

    /// <summary>Maximum number of attributes that <see cref="AttributesOf"/> returns.</summary>
    private const int MostAttributes = 1000;

    private static readonly Problem NotShown = new("$", $"is not shown: the requests of a preview have at most {Template.MostBytes >> 20} MB. Preview fewer records.");

    /// <param name="names">The resolved references of each record; null if the destination has no references.</param>
    public static Preview Of(Destination destination, IReadOnlyList<JsonElement> records, DateTimeOffset now, CancellationToken cancel, IReadOnlyList<Names>? names = null)
    {
        var bytes = 0L;
        var batches = new BatchBuilder<(int Record, RenderedRequest Request, IReadOnlyList<Problem> Warnings)>(destination.Batching);
        var refused = new List<Refusal>();
        for (var index = 0; index < records.Count; index++)
        {
            cancel.ThrowIfCancellationRequested();
            var (request, problems) = bytes > Template.MostBytes ? RenderResult.Refused(NotShown) : Render(destination, records[index], now, names?[index]);
            bytes += request?.Body.Length ?? 0;
            if (request is null) refused.Add(new Refusal(index, problems));
            else batches.Add((index, request, problems), request, RawJson.Of(records[index]));
        }

        var calls = batches.Batches.Select(batch => new Call(
            BatchBody.Combine(destination.Batching, [.. batch.Select(item => item.Request)]), [.. batch.Select(item => item.Record)], [.. batch.SelectMany(item => item.Warnings)]));
        return new Preview([.. calls], refused);
    }

    private static RenderResult Render(Destination destination, JsonElement record, DateTimeOffset now, Names? names)
    {
        if (names is { Refused.Count: > 0 }) return RenderResult.Refused(names.Refused);
        var rendered = RequestRenderer.Render(destination, record, now, names?.Resolved);
        return rendered.Request is null || names is null ? rendered : rendered with { Problems = [.. rendered.Problems, .. names.Warnings] };
    }

    /// <summary>Returns the dotted paths of the records' attributes for pickers, in the order of the records. An object comes before its members.</summary>
    public static IReadOnlyList<string> AttributesOf(IEnumerable<JsonElement> records)
    {
        var found = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var record in records) Visit(record, "");
        return [.. found.Keys];

        void Visit(JsonElement value, string prefix)
        {
            if (value.ValueKind != JsonValueKind.Object) return;
            foreach (var member in value.EnumerateObject())
            {
                // A config cannot contain a longer path.
                if (prefix.Length + member.Name.Length > AttributePath.MostCharacters) continue;
                if (found.Count >= MostAttributes) return;
                found.TryAdd(prefix + member.Name, true);
                Visit(member.Value, $"{prefix}{member.Name}.");
            }
        }
    }
}
