using System.Collections.Concurrent;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>
/// Answers "did that create arrive?". Clockify has no idempotency key, so what was to be made is looked for by its natural key,
/// as the read-back rule of its endpoint says.
/// </summary>
/// <param name="lasts">What a drain has begun: a call may come so much later than its intent.</param>
/// <param name="claim">Takes an object, by its id, for what the record made; false when another record of the key made it.</param>
internal sealed class ReadBack(TimeSpan lasts, Func<PendingRecord, string, bool> claim)
{
    /// <summary>A record without a start gets the server's time, and clocks may differ by this much.</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _searches = new(StringComparer.Ordinal);

    private string? _userId;

    /// <summary>A call comes at most so much later than its intent.</summary>
    public TimeSpan Lasts => lasts;

    /// <summary>Whose key it is.</summary>
    public static RenderedRequest Who(Credential credential) => new(HttpMethod.Get, new Uri($"{credential.BaseUrl.AbsoluteUri.TrimEnd('/')}/user"), default) { Answer = AnswerShape.Entity };

    /// <summary>What reading back found out.</summary>
    /// <param name="Answer">The call that decided; its body is the object itself when <paramref name="Found"/>.</param>
    /// <param name="Failed">The question could not be answered now.</param>
    internal readonly record struct Finding(bool Found, bool Failed, CallResult Answer);

    /// <param name="wasSentNow">By this drain, and not only, perhaps, by an earlier one.</param>
    /// <param name="call">Makes one call, permit included.</param>
    /// <param name="wait">Called before others are waited for: a permit that is at hand would grow old.</param>
    public async Task<Finding> FindAsync(PendingRecord pending, bool wasSentNow, DateTimeOffset now, Func<RenderedRequest, Task<CallResult>> call, Action wait, CancellationToken cancel)
    {
        // As it was sent: the record itself may have other names and other dates.
        using var sent = JsonDocument.Parse(pending.Request.Body);
        var (destination, rule) = (pending.Lane.Destination, pending.Lane.Destination.Endpoint!.ReadBack!);
        if (rule.List!.Contains(EndpointPath.Me, StringComparison.Ordinal) && _userId is null)
        {
            var user = await call(Who(destination.Credential));
            if (!user.IsSuccess || AnswerJson.Read(user.Body.Utf8, JsonValueKind.Object) is not { } owner || NaturalKey.Text(owner, "id") is not { Length: > 0 } id) return new Finding(false, true, user);
            _userId = id;
        }

        var (since, until) = (pending.Intended.First - StartTolerance, (wasSentNow ? now : pending.Intended.Last + lasts) + StartTolerance);
        var list = EndpointPath.Resolve(destination, pending.Request, rule.List, sent.RootElement, _userId);
        return await SearchAsync(pending, rule, list, found => NaturalKey.IsSame(rule, sent.RootElement, found, since, until), call, wait, cancel);
    }

    /// <summary>Through all pages of a list. One search of a list at a time: side by side, many long ones share the permits of a drain, and none comes to its end.</summary>
    private async Task<Finding> SearchAsync(PendingRecord pending, ListRule rule, string list, Predicate<JsonElement> isOurs, Func<RenderedRequest, Task<CallResult>> call, Action wait, CancellationToken cancel)
    {
        var turn = _searches.GetOrAdd(list, static _ => new SemaphoreSlim(1));
        if (!await turn.WaitAsync(TimeSpan.Zero, cancel))
        {
            wait();
            await turn.WaitAsync(cancel);
        }

        try
        {
            var (found, failed, answer) = await ListSearch.FindAsync(list, rule, item => isOurs(item) && claim(pending, NaturalKey.Text(item, "id")), call);
            return new Finding(found is not null, failed, found is { } one ? answer with { Body = one.GetRawText() } : answer);
        }
        finally
        {
            turn.Release();
        }
    }

}
