using System.Text.Json;

namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>Reads the message ids of settled rows from response events and quarantine entries.</summary>
internal static class SettledRows
{
    /// <summary>The message id of a delivered row, or the message ids of several unchanged rows.</summary>
    public static IEnumerable<string> OfEvent(string text)
    {
        using var json = JsonDocument.Parse(text);
        var data = json.RootElement.GetProperty("data");
        return data.TryGetProperty("unchanged", out var rows) ? [.. rows.EnumerateArray().Select(Id)] : [Id(data)];
    }

    public static string OfQuarantine(JsonElement entry) => Id(entry);

    private static string Id(JsonElement of) => of.TryGetProperty("messageId", out var id) ? id.GetString() ?? "" : "";
}
