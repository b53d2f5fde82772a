using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>Finds out whether a create took effect. Clockify has no idempotency key, so the object is searched for by its <see cref="NaturalKey"/>.</summary>
internal sealed class Verification(KeyCheck keyCheck)
{
    private const int PageSize = 200;

    /// <summary>A time entry without a start gets the server's time, and clocks may differ by this much.</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _searches = new(StringComparer.Ordinal);

    /// <summary>The result of a search.</summary>
    /// <param name="Found">Whether the object exists; null if the question could not be answered.</param>
    /// <param name="Answer">The last call's; its body is the object itself if it was found.</param>
    internal readonly record struct Finding(bool? Found, CallResult Answer);

    /// <param name="claim">Takes an object, by its id, for the one that the record made; false if another record of the credential made it.</param>
    /// <param name="call">Makes one call, permit included.</param>
    public async Task<Finding> FindAsync(Destination destination, PendingCall pending, Func<string, bool> claim, DateTimeOffset now, Func<RenderedRequest, Task<CallResult>> call, CancellationToken cancel)
    {
        // The request and not the record is compared: the record may have other names and other dates.
        using var sent = JsonDocument.Parse(pending.Request!.Body);
        if (!NaturalKey.IsTimeEntry(destination))
        {
            var name = NaturalKey.Text(sent.RootElement, "name");
            return await SearchAsync($"{pending.Request.Url.GetLeftPart(UriPartial.Path)}?name={Uri.EscapeDataString(name)}&strict-name-search=true", found => IsNamed(found, sent.RootElement), claim, call, cancel);
        }

        var (userId, answer) = await keyCheck.UserIdAsync(call);
        if (userId is null) return new Finding(null, answer!);
        // The search has no date window: with one, the API does not list a new entry for over 45 seconds.
        var description = NaturalKey.Text(sent.RootElement, "description");
        var start = NaturalKey.Start(NaturalKey.Text(sent.RootElement, "start"));
        var state = pending.First.State;
        var (since, until) = ((state.FirstSentAt ?? now) - StartTolerance, (state.LastSentAt ?? now) + StartTolerance);
        var entries = $"{KeyCheck.Api(destination.Credential)}/workspaces/{Uri.EscapeDataString(destination.WorkspaceId!)}/user/{Uri.EscapeDataString(userId)}/time-entries";
        return await SearchAsync($"{entries}?description={Uri.EscapeDataString(description)}", found => IsEntry(found, description, start, since, until), claim, call, cancel);
    }

    /// <summary>Reads all pages of a list. One list is searched by one record at a time: searches side by side would share the permits, and none would end.</summary>
    private async Task<Finding> SearchAsync(string list, Predicate<JsonElement> isIt, Func<string, bool> claim, Func<RenderedRequest, Task<CallResult>> call, CancellationToken cancel)
    {
        var turn = _searches.GetOrAdd(list, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancel);
        try
        {
            for (var page = 1; ; page++)
            {
                var answer = await call(KeyCheck.Get(string.Create(CultureInfo.InvariantCulture, $"{list}&page={page}&page-size={PageSize}"), AnswerShape.List));
                // A proxy's page, say, or a list that was cut.
                if (!answer.IsSuccess || AnswerJson.Read(answer.Body.Utf8, JsonValueKind.Array) is not { } listed) return new Finding(null, answer);
                foreach (var found in listed.EnumerateArray())
                    if (found.ValueKind == JsonValueKind.Object && isIt(found) && claim(NaturalKey.Text(found, "id")))
                        return new Finding(true, answer with { Body = found.GetRawText() });
                if (listed.GetArrayLength() < PageSize) return new Finding(false, answer);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private static bool IsEntry(JsonElement entry, string description, DateTimeOffset? start, DateTimeOffset since, DateTimeOffset until)
    {
        if (NaturalKey.Text(entry, "description") != description || !entry.TryGetProperty("timeInterval", out var interval) || interval.ValueKind != JsonValueKind.Object) return false;
        var found = NaturalKey.Start(NaturalKey.Text(interval, "start"));
        return start is { } wanted ? found == wanted : found > since && found < until;
    }

    /// <summary>The name of a project is unique for its client only.</summary>
    private static bool IsNamed(JsonElement found, JsonElement sent) =>
        NaturalKey.Text(found, "name") == NaturalKey.Text(sent, "name") && NaturalKey.Text(found, "clientId") == NaturalKey.Text(sent, "clientId");
}
