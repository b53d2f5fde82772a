using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Answers "did that create arrive?". Clockify has no idempotency key, so what was to be made is looked for by its natural key:
/// a time entry by user, description and start; everything else by its name, which is unique where it stands.
/// </summary>
/// <param name="lasts">What a drain has begun: a call may come so much later than its intent.</param>
/// <param name="claim">Takes an object, by its id, for what the record made; false when another record of the key made it.</param>
internal sealed class ReadBack(TimeSpan lasts, Func<PendingRecord, string, bool> claim)
{
    private const int PageSize = 200;

    /// <summary>A record without a start gets the server's time, and clocks may differ by this much.</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _searches = new(StringComparer.Ordinal);

    private string? _userId;

    /// <summary>A call comes at most so much later than its intent.</summary>
    public TimeSpan Lasts => lasts;

    /// <summary>Whose key it is.</summary>
    public static RenderedRequest Who(Credential credential) => Get($"{Api(credential)}/user", AnswerShape.Entity);

    /// <summary>What reading back found out.</summary>
    /// <param name="Answer">The call that decided; its body is the object itself when <paramref name="Found"/>.</param>
    /// <param name="Failed">The question could not be answered now.</param>
    internal readonly record struct Finding(bool Found, bool Failed, CallResult Answer);

    /// <summary>
    /// A hash, the same in every process, of the natural key of what is to be made: two with the same cannot be told apart when one is read
    /// back. Null where nothing is read back.
    /// </summary>
    public static ulong? HashOfKey(Destination destination, RenderedRequest request)
    {
        if (destination is not { CanReadBack: true, OnUnknown: OnUnknown.Verify }) return null;
        // As it is read to be found: of two members with one name the last counts.
        using var sent = JsonDocument.Parse(request.Body);
        var key = destination.Endpoint!.Name == "createTimeEntry"
            ? string.Create(CultureInfo.InvariantCulture, $"{request.Url.OriginalString}\n{ParseStart(Text(sent.RootElement, "start"))?.ToUnixTimeSeconds()}\n{Text(sent.RootElement, "description")}")
            : $"{request.Url.OriginalString}\n{Text(sent.RootElement, "clientId")}\n{Text(sent.RootElement, "name")}";
        return XxHash64.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
    }

    /// <param name="wasSentNow">By this drain, and not only, perhaps, by an earlier one.</param>
    /// <param name="call">Makes one call, permit included.</param>
    /// <param name="wait">Called before others are waited for: a permit that is at hand would grow old.</param>
    public async Task<Finding> FindAsync(PendingRecord pending, bool wasSentNow, DateTimeOffset now, Func<RenderedRequest, Task<CallResult>> call, Action wait, CancellationToken cancel)
    {
        // As it was sent: the record itself may have other names and other dates.
        using var sent = JsonDocument.Parse(pending.Request.Body);
        if (pending.Lane.Destination.Endpoint!.Name != "createTimeEntry")
        {
            var name = Text(sent.RootElement, "name");
            return await SearchAsync(pending, $"{pending.Request.Url.GetLeftPart(UriPartial.Path)}?name={Uri.EscapeDataString(name)}&strict-name-search=true", found => IsNamed(found, sent.RootElement), call, wait, cancel);
        }

        if (_userId is null)
        {
            var user = await call(Who(pending.Lane.Destination.Credential));
            if (Read(user, JsonValueKind.Object) is not { } owner || Text(owner, "id") is not { Length: > 0 } id) return new Finding(false, true, user);
            _userId = id;
        }

        // No date window: with one, a new entry was missing for over 45 seconds.
        var description = Text(sent.RootElement, "description");
        var start = ParseStart(Text(sent.RootElement, "start"));
        var (since, until) = (pending.Intended.First - StartTolerance, (wasSentNow ? now : pending.Intended.Last + lasts) + StartTolerance);
        var entries = $"{Api(pending.Lane.Destination.Credential)}/workspaces/{Uri.EscapeDataString(pending.Lane.Destination.WorkspaceId!)}/user/{Uri.EscapeDataString(_userId)}/time-entries";
        return await SearchAsync(pending, $"{entries}?description={Uri.EscapeDataString(description)}", found => IsEntry(found, description, start, since, until), call, wait, cancel);
    }

    /// <summary>Through all pages of a list. One search of a list at a time: side by side, many long ones share the permits of a drain, and none comes to its end.</summary>
    private async Task<Finding> SearchAsync(PendingRecord pending, string list, Predicate<JsonElement> isOurs, Func<RenderedRequest, Task<CallResult>> call, Action wait, CancellationToken cancel)
    {
        var turn = _searches.GetOrAdd(list, static _ => new SemaphoreSlim(1));
        if (!await turn.WaitAsync(TimeSpan.Zero, cancel))
        {
            wait();
            await turn.WaitAsync(cancel);
        }

        try
        {
            return await SearchInTurnAsync(pending, list, isOurs, call);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Finding> SearchInTurnAsync(PendingRecord pending, string list, Predicate<JsonElement> isOurs, Func<RenderedRequest, Task<CallResult>> call)
    {
        for (var page = 1; ; page++)
        {
            var answer = await call(Get(string.Create(CultureInfo.InvariantCulture, $"{list}&page={page}&page-size={PageSize}"), AnswerShape.List));
            if (Read(answer, JsonValueKind.Array) is not { } listed) return new Finding(false, true, answer);
            foreach (var found in listed.EnumerateArray())
                if (found.ValueKind == JsonValueKind.Object && isOurs(found) && claim(pending, Text(found, "id")))
                    return new Finding(true, false, answer with { Body = found.GetRawText() });
            if (listed.GetArrayLength() < PageSize) return new Finding(false, false, answer);
        }
    }

    private static bool IsEntry(JsonElement entry, string description, DateTimeOffset? start, DateTimeOffset since, DateTimeOffset until)
    {
        if (Text(entry, "description") != description || !entry.TryGetProperty("timeInterval", out var interval) || interval.ValueKind != JsonValueKind.Object) return false;
        var found = ParseStart(Text(interval, "start"));
        return start is { } wanted ? found == wanted : found > since && found < until;
    }

    /// <summary>A project's name is unique for its client only.</summary>
    private static bool IsNamed(JsonElement found, JsonElement sent) =>
        Text(found, "name") == Text(sent, "name") && Text(found, "clientId") == Text(sent, "clientId");

    /// <summary>Null where the answer is not what was asked for: a proxy's page, say, or cut in the middle.</summary>
    private static JsonElement? Read(CallResult answer, JsonValueKind kind) => answer.IsSuccess ? AnswerJson.Read(answer.Body.Utf8, kind) : null;

    private static string Text(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>Clockify stores whole seconds in UTC.</summary>
    private static DateTimeOffset? ParseStart(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds())
            : null;

    private static string Api(Credential credential) => credential.BaseUrl.AbsoluteUri.TrimEnd('/');

    private static RenderedRequest Get(string url, AnswerShape answer) => new(HttpMethod.Get, new Uri(url), default) { Answer = answer };
}
