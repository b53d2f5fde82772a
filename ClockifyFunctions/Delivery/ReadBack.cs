using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Answers "did that create arrive?" for time entries. Clockify has no idempotency key, so it reads the user's entries back
/// by description and compares the start. No date window: with one, a new entry was missing for over 45 seconds.
/// </summary>
internal sealed class ReadBack
{
    private const int PageSize = 200;

    /// <summary>A record without a start gets the server's time; it is looked for around the time of the intent.</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromMinutes(10);

    private string? _userId;

    /// <summary>What reading back found out.</summary>
    /// <param name="Answer">The call that decided; its body is the entry itself when <paramref name="Found"/>.</param>
    /// <param name="Failed">The question could not be answered now.</param>
    internal readonly record struct Finding(bool Found, bool Failed, CallResult Answer);

    /// <param name="call">Makes one call, permit included.</param>
    public async Task<Finding> FindAsync(PendingRecord pending, DateTimeOffset intendedAt, Func<RenderedRequest, Task<CallResult>> call)
    {
        var api = pending.Lane.Destination.Credential.BaseUrl.AbsoluteUri.TrimEnd('/');
        if (_userId is null)
        {
            var user = await call(Get($"{api}/user"));
            if (user.Status != 200) return new Finding(false, true, user);
            using var json = JsonDocument.Parse(user.Body);
            _userId = json.RootElement.GetProperty("id").GetString();
        }

        // As it was sent: the record itself may have other names and other dates.
        using var sent = JsonDocument.Parse(pending.Request.Body);
        var body = sent.RootElement;
        var description = body.TryGetProperty("description", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        var start = body.TryGetProperty("start", out var at) && at.ValueKind == JsonValueKind.String ? ParseStart(at.GetString()!) : null;
        var entries = $"{api}/workspaces/{Uri.EscapeDataString(pending.Lane.Destination.WorkspaceId!)}/user/{Uri.EscapeDataString(_userId!)}/time-entries";
        for (var page = 1; ; page++)
        {
            var answer = await call(Get($"{entries}?description={Uri.EscapeDataString(description)}&page={page}&page-size={PageSize}"));
            if (answer.Status != 200) return new Finding(false, true, answer);
            using var json = JsonDocument.Parse(answer.Body);
            foreach (var entry in json.RootElement.EnumerateArray())
                if (IsOurs(entry, description, start, intendedAt) && !pending.Lane.Journal.Claims(entry.GetProperty("id").GetString()!))
                    return new Finding(true, false, answer with { Body = entry.GetRawText() });
            if (json.RootElement.GetArrayLength() < PageSize) return new Finding(false, false, answer);
        }
    }

    private static bool IsOurs(JsonElement entry, string description, DateTimeOffset? start, DateTimeOffset intendedAt)
    {
        if ((entry.GetProperty("description").GetString() ?? "") != description) return false;
        var found = ParseStart(entry.GetProperty("timeInterval").GetProperty("start").GetString()!);
        return start is { } wanted ? found == wanted : (found - intendedAt)?.Duration() < StartTolerance;
    }

    /// <summary>Clockify stores whole seconds in UTC.</summary>
    private static DateTimeOffset? ParseStart(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds())
            : null;

    private static RenderedRequest Get(string url) => new(HttpMethod.Get, new Uri(url), default);
}
