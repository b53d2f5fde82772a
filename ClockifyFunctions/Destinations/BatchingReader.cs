using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Reads a config's <c>batching</c>.</summary>
internal static class BatchingReader
{
    private enum Kind
    {
        Array,
        Property,
        Attribute,
    }

    public static Batching? Read(DestinationConfig config, EndpointTemplate? endpoint, ContentFormat format, ICollection<Problem> problems)
    {
        var isList = endpoint is { ListBody: true };
        if ((config.Batching ?? (isList ? new BatchingConfig { Size = 1 } : null)) is not { } written) return null;
        if (config.Endpoint is not null && !isList) problems.Add(new Problem("$.batching", "is for manual configuration and for endpoints whose body is a list; this endpoint takes one record per call."));
        if (isList && written.Grouping is not null) problems.Add(new Problem("$.batching.grouping", "is for manual configuration; the endpoint takes a plain list."));
        if (format != ContentFormat.Json) problems.Add(new Problem("$.batching", "is for contentType json only."));
        if (config.BodyTemplate is not null) problems.Add(new Problem("$.batching", "cannot be combined with bodyTemplate; use grouping to shape the body."));
        if (config.Method?.ToUpperInvariant() is "GET" or "DELETE") problems.Add(new Problem("$.batching", $"needs a body, which {config.Method} has not."));

        var size = Ranges.Read(written.Size, Batching.DefaultSize, 1, 10_000, "$.batching.size", problems);
        var maxBytes = Ranges.Read(written.MaxBytes, Batching.DefaultMaxBytes, 1000, 10 << 20, "$.batching.maxBytes", problems);
        var maxAge = TimeSpan.FromSeconds(Ranges.Read(written.MaxAgeSeconds, 0, 0, 3600, "$.batching.maxAgeSeconds", problems));
        var grouping = written.Grouping ?? new GroupingConfig();
        foreach (var name in written.Unknown?.Keys ?? Enumerable.Empty<string>()) problems.Add(new Problem($"$.batching.{name}", "is unknown; use size, maxBytes, maxAgeSeconds and grouping."));
        foreach (var name in grouping.Unknown?.Keys ?? Enumerable.Empty<string>()) problems.Add(new Problem($"$.batching.grouping.{name}", "is unknown; use kind, property, constants and attribute."));
        var kind = Choices.Read(grouping.Kind, Kind.Array, "$.batching.grouping.kind", problems);
        if (kind == Kind.Property && string.IsNullOrEmpty(grouping.Property)) problems.Add(new Problem("$.batching.grouping.property", "is missing; name the property that holds the list."));
        if (kind == Kind.Array && grouping.Property is not null) problems.Add(new Problem("$.batching.grouping.property", "is for the kinds property and attribute."));
        if (kind == Kind.Attribute && (grouping.Attribute is null || !AttributePath.IsValid(grouping.Attribute))) problems.Add(new Problem("$.batching.grouping.attribute", "is missing; name the attribute that separates the batches."));
        if (kind != Kind.Attribute && grouping.Attribute is not null) problems.Add(new Problem("$.batching.grouping.attribute", "is for the kind attribute."));
        foreach (var (name, value) in grouping.Constants ?? new Dictionary<string, JsonElement>())
            if (BrokenText.IsIn(value)) problems.Add(new Problem($"$.batching.grouping.constants.{name}", "contains an unpaired surrogate, which is not Unicode text."));
        return new Batching(
            size, maxBytes, maxAge, grouping.Property, grouping.Constants ?? new Dictionary<string, JsonElement>(),
            kind == Kind.Attribute && grouping.Attribute is { } by ? new AttributePath(by) : null);
    }
}
