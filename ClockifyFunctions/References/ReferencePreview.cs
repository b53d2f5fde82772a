using System.Collections.Concurrent;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>
/// Resolves records for previews in the console. Lists are loaded from storage. Lists that are not in storage are read through the gate, which pauses a
/// running drain. A preview creates no objects.
/// </summary>
internal sealed class ReferencePreview(SnapshotStore store, InteractiveCalls calls, IExternalKeys keys, AppSettings settings, TimeProvider time, ILogger<ReferencePreview> log)
{
    /// <summary>The time for which lists stay in memory, so that previews while a user types make no calls.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (Lists Lists, long At)> _known = new(StringComparer.Ordinal);

    /// <summary>The result of an attempt after all required lists were read, as far as possible.</summary>
    /// <param name="WhyNot">Why some lists could not be read; null if all were read.</param>
    /// <param name="Calls">The number of calls that were made.</param>
    internal readonly record struct Known<T>(T Result, string? WhyNot, int Calls);

    /// <returns>The resolved names of each record.</returns>
    public async Task<IReadOnlyList<Preview.Names>> ResolveAsync(Destination destination, IReadOnlyList<JsonElement> records, CancellationToken cancel)
    {
        var (resolved, whyNot, _) = await UntilKnownAsync(destination.Credential, lists =>
        {
            var attempt = Resolve(destination, records, lists);
            return (attempt, NeedsOf(attempt));
        }, cancel);
        return [.. resolved.Select(one => NamesOf(one, whyNot))];
    }

    /// <summary>Repeats an attempt until it needs no more lists. Lists are loaded from storage first, and then read from Clockify.</summary>
    /// <param name="attempt">Returns a result and the needs that are not met.</param>
    /// <param name="isFresh">Whether to ignore the lists in memory. Storage may contain newer lists that a drain has written.</param>
    public async Task<Known<T>> UntilKnownAsync<T>(Credential credential, Func<Lists, (T Result, IReadOnlyList<Need> Needs)> attempt, CancellationToken cancel, bool isFresh = false)
    {
        var lists = ListsOf(credential, isFresh);
        var (result, needs) = attempt(lists);
        while (needs.Count > 0)
        {
            var loads = needs.OfType<Need.Page>().Where(page => lists.Find(page.Key) is null).Select(page => lists.LoadAsync(page.Key, cancel));
            if (!(await Task.WhenAll(loads)).Contains(true)) break;
            (result, needs) = attempt(lists);
        }

        return needs.Count == 0 ? new Known<T>(result, null, 0) : await ReadAsync(credential, lists, attempt, result, cancel);
    }

    private Lists ListsOf(Credential credential, bool isFresh)
    {
        if (!isFresh && _known.TryGetValue(credential.Name, out var known) && ReferenceEquals(known.Lists.Credential, credential) && time.GetElapsedTime(known.At) < KeptFor) return known.Lists;
        var lists = new Lists(credential, store, keys, settings, time, log);
        _known[credential.Name] = (lists, time.GetTimestamp());
        return lists;
    }

    /// <summary>Reads the missing lists from Clockify.</summary>
    private async Task<Known<T>> ReadAsync<T>(Credential credential, Lists lists, Func<Lists, (T Result, IReadOnlyList<Need> Needs)> attempt, T soFar, CancellationToken cancel)
    {
        var (lookups, made) = (new Lookups(lists, settings, time, log), 0);
        try
        {
            var all = await calls.CallAsync(credential, async call =>
            {
                var (result, needs) = attempt(lists);
                for (; needs.Count > 0; (result, needs) = attempt(lists))
                    foreach (var need in needs) await lookups.MeetAsync(need, new ReadOnlyCalls(CountAsync));
                await lists.FlushAsync(isEnd: true, cancel);
                return result;

                Task<CallResult> CountAsync(RenderedRequest request)
                {
                    made++;
                    return call(request);
                }
            }, cancel);
            return new Known<T>(all, null, made);
        }
        catch (InteractiveCalls.SuspendedException suspended)
        {
            return new Known<T>(soFar, $"the credential is suspended: {suspended.Message}", made);
        }
        catch (InteractiveCalls.ExhaustedException exhausted)
        {
            return new Known<T>(soFar, $"the key has used up its limits; the next call may be made in {Math.Ceiling(exhausted.For.TotalMinutes):0} min", made);
        }
        catch (InteractiveCalls.NoTurnException)
        {
            return new Known<T>(soFar, "the key is busy; try again", made);
        }
    }

    private static Resolution[] Resolve(Destination destination, IReadOnlyList<JsonElement> records, Lists lists) =>
        [.. records.Select(record => BrokenText.IsIn(record) ? Resolution.Ready.Nothing : Resolver.Resolve(destination, record, lists))];

    private static IReadOnlyList<Need> NeedsOf(IEnumerable<Resolution> resolved) => [.. resolved.OfType<Resolution.Waits>().SelectMany(static waits => waits.Needs).Distinct()];

    private static Preview.Names NamesOf(Resolution resolution, string? whyNot) => resolution switch
    {
        Resolution.Ready ready => new(ready.Resolved, [], ready.Warnings),
        Resolution.Changes changes => new(changes.Draft.Resolved, [], [.. changes.Draft.Warnings, .. changes.Needs.Select(WarningOf)]),
        Resolution.Refused refused => new(Resolved.Nothing, [.. refused.Failures.Select(static failure => failure.Problem)], []),
        Resolution.Unavailable unavailable => new(Resolved.Nothing, [new Problem("$.references", $"could not be looked up. {AnswerText.Describe(unavailable.Answer)}")], []),
        _ => new(Resolved.Nothing, [new Problem("$.references", $"could not be looked up: {whyNot}.")], []),
    };

    private static Problem WarningOf(Need need) => need is Need.Create create
        ? new Problem("$.references", $"{FailureText.Named(create.Lookup, create.Name)} does not exist; delivery creates it. {Resolver.NewId} stands for its id.")
        : new Problem("$.references", $"{need.Lookup.Noun} {((Need.Restore)need).Id} is {need.Lookup.Archived!.Word}; delivery makes it active.");

    /// <summary>A preview creates nothing, so it does not use the other members.</summary>
    private sealed class ReadOnlyCalls(Func<RenderedRequest, Task<CallResult>> call) : ILookupCalls
    {
        public Task<CallResult> CallAsync(RenderedRequest request) => call(request);

        public Task<bool> HasNoRightAsync() => throw new NotSupportedException();

        public DateTimeOffset? MayTakeEffectUntil(string creation) => throw new NotSupportedException();

        public Task BeginAsync(string creation) => throw new NotSupportedException();

        public void End(string creation, string? entityId) => throw new NotSupportedException();

        public Task DelayUntilAsync(DateTimeOffset time) => throw new NotSupportedException();
    }
}
