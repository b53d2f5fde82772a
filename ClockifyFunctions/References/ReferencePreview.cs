using System.Collections.Concurrent;
using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.References;

/// <summary>Resolves records for a person who looks. Lists come from storage; what storage lacks is read through the gate, for which a drain pauses. Nothing is created.</summary>
internal sealed class ReferencePreview(SnapshotStore store, InteractiveCalls calls, IExternalKeys keys, AppSettings settings, TimeProvider time, ILogger<ReferencePreview> log)
{
    /// <summary>So long the lists are kept in memory, so that typing costs nothing.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, (Lists Lists, long At)> _known = new(StringComparer.Ordinal);

    /// <returns>For each record.</returns>
    public async Task<IReadOnlyList<Preview.Names>> ResolveAsync(Destination destination, IReadOnlyList<JsonElement> records, CancellationToken cancel)
    {
        var lists = ListsOf(destination.Credential);
        var resolved = await LoadAsync(destination, records, lists, cancel);
        string? whyNot = null;
        if (resolved.Any(static one => one is Resolution.Waits)) (resolved, whyNot) = await ReadAsync(destination, records, lists, resolved, cancel);
        return [.. resolved.Select(one => NamesOf(one, whyNot))];
    }

    private Lists ListsOf(Credential credential)
    {
        if (_known.TryGetValue(credential.Name, out var known) && ReferenceEquals(known.Lists.Credential, credential) && time.GetElapsedTime(known.At) < KeptFor) return known.Lists;
        var lists = new Lists(credential, store, keys, settings, time, log);
        _known[credential.Name] = (lists, time.GetTimestamp());
        return lists;
    }

    /// <summary>As far as storage has the lists.</summary>
    private static async Task<Resolution[]> LoadAsync(Destination destination, IReadOnlyList<JsonElement> records, Lists lists, CancellationToken cancel)
    {
        while (true)
        {
            var resolved = Resolve(destination, records, lists);
            var loads = NeedsOf(resolved).OfType<Need.Page>().Where(page => lists.Find(page.Key) is null).Select(page => lists.LoadAsync(page.Key, cancel));
            if (!(await Task.WhenAll(loads)).Contains(true)) return resolved;
        }
    }

    /// <summary>Reads what is missing.</summary>
    /// <returns>And why that was not possible; null if it was.</returns>
    private async Task<(Resolution[] Resolved, string? WhyNot)> ReadAsync(Destination destination, IReadOnlyList<JsonElement> records, Lists lists, Resolution[] resolved, CancellationToken cancel)
    {
        var lookups = new Lookups(lists, settings, time, log);
        try
        {
            var all = await calls.CallAsync(destination.Credential, async call =>
            {
                while (NeedsOf(resolved) is { Count: > 0 } needs)
                {
                    foreach (var need in needs) await lookups.MeetAsync(need, new ReadOnlyCalls(call));
                    resolved = Resolve(destination, records, lists);
                }

                await lists.FlushAsync(isEnd: true, cancel);
                return resolved;
            }, cancel);
            return (all, null);
        }
        catch (InteractiveCalls.SuspendedException suspended)
        {
            return (resolved, $"the credential is suspended: {suspended.Message}");
        }
        catch (InteractiveCalls.ExhaustedException exhausted)
        {
            return (resolved, $"the key has used up its limits; the next call may be made in {Math.Ceiling(exhausted.For.TotalMinutes):0} min");
        }
        catch (InteractiveCalls.NoTurnException)
        {
            return (resolved, "the key is busy; try again");
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

    /// <summary>A preview creates nothing, so that it needs the other members for nothing.</summary>
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
