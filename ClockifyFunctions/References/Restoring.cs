using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.References;

/// <summary>Makes the request that makes an archived object active and keeps its other fields as listed. The request can be repeated.</summary>
internal static class Restoring
{
    /// <exception cref="InvalidOperationException">The listed object contains a value that Clockify itself would refuse.</exception>
    public static RenderedRequest RequestOf(Need.Restore restore, Listed row, DateTimeOffset now)
    {
        var (endpoint, set) = (restore.Restorer.Endpoint!, restore.Lookup.Restore!.Set);
        using var changed = JsonDocument.Parse(ObjectMerge.Merge(endpoint, row.Json.ToElement(), RawJson.Of(set).Utf8));
        using var rented = RentedWriter.Rent();
        var writer = rented.Writer;
        writer.WriteStartObject();
        foreach (var member in changed.RootElement.EnumerateObject()) member.WriteTo(writer);
        writer.WriteString("id", row.Id);
        if (restore.Lookup.Within is { } within && (restore.Key.Scope ?? row.Parent) is { } parent && !changed.RootElement.TryGetProperty(within, out _)) writer.WriteString(within, parent);
        writer.WriteEndObject();
        var rendered = RequestRenderer.Render(restore.Restorer, new RawJson(rented.ToArray()), now);
        return rendered.Request ?? throw new InvalidOperationException(string.Join(" ", rendered.Problems));
    }
}
