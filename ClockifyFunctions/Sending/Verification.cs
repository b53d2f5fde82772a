using System.Collections.Concurrent;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>Finds out whether a create took effect. Clockify has no idempotency key, so the object is searched for by its <see cref="NaturalKey"/>, as the endpoint's read-back rule says.</summary>
internal sealed class Verification
{
    /// <summary>A time that the record leaves out is the server's, and clocks may differ by this much.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _searches = new(StringComparer.Ordinal);

    /// <summary>The result of a search.</summary>
    /// <param name="Found">Whether the object exists; null if the question could not be answered.</param>
    /// <param name="Answer">The last call's; its body is the object itself if it was found.</param>
    internal readonly record struct Finding(bool? Found, CallResult Answer);

    /// <param name="request">What was sent. It is compared and not the record, which may have other names and other dates.</param>
    /// <param name="since">When the first call that may have arrived was sent.</param>
    /// <param name="until">And the last one.</param>
    /// <param name="claim">Takes an object, by its id, for the one that the record made; false if another record of the credential made it.</param>
    /// <param name="me">Asks for the id of the key's user; or returns the answer that does not tell it.</param>
    /// <param name="call">Makes one call, permit included.</param>
    public async Task<Finding> FindAsync(
        Destination destination, RenderedRequest request, DateTimeOffset since, DateTimeOffset until, Func<string, bool> claim,
        Func<Task<(string? UserId, CallResult? Answer)>> me, Func<RenderedRequest, Task<CallResult>> call, CancellationToken cancel)
    {
        using var sent = JsonDocument.Parse(request.Body);
        var (rule, userId) = (destination.Endpoint!.ReadBack!, (string?)null);
        if (rule.List!.Contains(EndpointPath.Me, StringComparison.Ordinal))
        {
            (userId, var user) = await me();
            if (userId is null) return new Finding(null, user!);
        }

        var list = EndpointPath.Resolve(destination, request, rule.List, sent.RootElement, userId);
        // One list is searched for one record at a time: searches side by side would share the permits, and none would end.
        var turn = _searches.GetOrAdd(list, static _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancel);
        try
        {
            var (found, failed, answer) = await ListSearch.FindAsync(
                list, rule, item => NaturalKey.IsSame(rule, sent.RootElement, item, since - ClockTolerance, until + ClockTolerance) && claim(NaturalKey.Text(item, "id")), call);
            return found is { } one ? new Finding(true, answer with { Body = one.GetRawText() }) : new Finding(failed ? null : false, answer);
        }
        finally
        {
            turn.Release();
        }
    }
}
