using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>What tells one time entry from another at the simulator: description and start. A record without a start counts by its description.</summary>
internal readonly record struct RecordKey(string Description, DateTimeOffset? Start)
{
    public static RecordKey Of(string record)
    {
        using var json = JsonDocument.Parse(record);
        var description = json.RootElement.TryGetProperty("description", out var text) ? text.GetString() ?? "" : "";
        var start = json.RootElement.TryGetProperty("start", out var at) ? at.GetString() : null;
        return new RecordKey(description, start is null ? null : DateTimeOffset.Parse(start, CultureInfo.InvariantCulture).ToUniversalTime());
    }
}
