using System.Collections.Concurrent;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>Finds out whether a create took effect. Clockify has no idempotency key, so the object is searched for by its <see cref="NaturalKey"/>, as the endpoint's read-back rule says.</summary>
internal sealed class Verification(KeyCheck keyCheck)
{
    /// <summary>A time that the record leaves out is the server's, and clocks may differ by this much.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

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
        var (rule, state, me) = (destination.Endpoint!.ReadBack!, pending.First.State, (string?)null);
        if (rule.List!.Contains(EndpointPath.Me, StringComparison.Ordinal))
        {
            (me, var user) = await keyCheck.UserIdAsync(call);
            if (me is null) return new Finding(null, user!);
        }

        var (since, until) = ((state.FirstSentAt ?? now) - ClockTolerance, (state.LastSentAt ?? now) + ClockTolerance);
        var list = EndpointPath.Resolve(destination, pending.Request, rule.List, sent.RootElement, me);
        // One list is searched for one record at a time: searches side by side would share the permits, and none would end.
        var turn = _searches.GetOrAdd(list, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancel);
        try
        {
            var (found, failed, answer) = await ListSearch.FindAsync(list, rule, item => NaturalKey.IsSame(rule, sent.RootElement, item, since, until) && claim(NaturalKey.Text(item, "id")), call);
            return found is { } one ? new Finding(true, answer with { Body = one.GetRawText() }) : new Finding(failed ? null : false, answer);
        }
        finally
        {
            turn.Release();
        }
    }
}
