using System.Globalization;
using System.Text.Json;

namespace ClockifyFunctions.LocalHost.Commands;

/// <summary>Identifies a time entry at the simulator by description and start. A record without a start is identified by its description only.</summary>
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
