using System.Collections.Concurrent;
using System.Text.Json;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Finds out whether a create took effect. Clockify has no idempotency key, so the object is searched for by its <see cref="NaturalKey"/>,
/// as the read-back rule of the endpoint describes.
/// </summary>
internal sealed class Verification
{
    /// <summary>Maximum difference between the clocks of this machine and the server. If a record omits a time, the server sets it.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _searches = new(StringComparer.Ordinal);

    /// <summary>The result of a search.</summary>
    /// <param name="Found">Whether the object exists; null if the search failed.</param>
    /// <param name="Answer">The answer to the last call. If the object was found, the body is the object.</param>
    internal readonly record struct Finding(bool? Found, CallResult Answer);

    /// <param name="request">The request that was sent. The search compares its body, because the record can have other names and date formats.</param>
    /// <param name="since">When the first call with an unknown outcome was sent.</param>
    /// <param name="until">When the last call with an unknown outcome was sent.</param>
    /// <param name="claim">Assigns the object with this id to the record. Returns false if another record of the credential created it.</param>
    /// <param name="me">Reads the user id of the API key's owner. If that fails, returns the answer instead.</param>
    /// <param name="call">Takes a permit and makes one call.</param>
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
        // Only one record at a time searches a list. Parallel searches would share the permits, and none of them would finish.
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
