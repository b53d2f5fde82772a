using System.Text.Json;

namespace ClockifyFunctions.LocalHost.Commands.Agency;

/// <summary>The message ids of rows that are settled, as response events and the quarantine tell them.</summary>
internal static class SettledRows
{
    /// <summary>One of the row that a call was made for, or several of rows that needed no call.</summary>
    public static IEnumerable<string> OfEvent(string text)
    {
        using var json = JsonDocument.Parse(text);
        var data = json.RootElement.GetProperty("data");
        return data.TryGetProperty("unchanged", out var rows) ? [.. rows.EnumerateArray().Select(Id)] : [Id(data)];
    }

    public static string OfQuarantine(JsonElement entry) => Id(entry);

    private static string Id(JsonElement of) => of.TryGetProperty("messageId", out var id) ? id.GetString() ?? "" : "";
}
