using System.Collections.Concurrent;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.Observability;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using Polly;
using Polly.Retry;
using Outcome = ClockifyFunctions.Responses.Outcome;

namespace ClockifyFunctions.Delivery;

/// <summary>Steps 5 and 6 for the records of one credential: permit, call, and what to do when the answer is not plain.</summary>
internal sealed class RecordDelivery
{
    private const int MaxRetries = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ThrottlePause = TimeSpan.FromSeconds(1), LongestThrottlePause = TimeSpan.FromSeconds(30);

    /// <summary>What is known of the key is not relied on for longer.</summary>
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long after a call was given up "it is not there" is believed: what is slow may still take effect, and what takes longer than
    /// this is made twice.
    /// </summary>
    private static readonly TimeSpan TakesEffectWithin = TimeSpan.FromSeconds(10);

    /// <summary>How far another process's clock may be off.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    /// <summary>The status of an error of the API itself, and of no proxy.</summary>
    private const int OwnError = 500;

    private readonly Gate _gate;
    private readonly ClockifyClient _client;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cut;
    private readonly long _entered;
    private readonly ReadBack _readBack;
    private readonly ResiliencePipeline<DeliveryResult> _pipeline;

    /// <summary>By host: when the latest of the deliveries that were taken had begun. Timestamps.</summary>
    private readonly ConcurrentDictionary<string, long> _served = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="cut">Fires when what was begun waits no longer, for a permit or a better moment; calls in flight are still answered.</param>
    public RecordDelivery(Gate gate, ClockifyClient client, TimeProvider time, ReadBack readBack, CancellationToken cut)
    {
        (_gate, _client, _time, _readBack, _cut, _entered) = (gate, client, time, readBack, cut, time.GetTimestamp());
        _pipeline = new ResiliencePipelineBuilder<DeliveryResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<DeliveryResult>
            {
                // Once it is known whether the key or its rights are wanting, nobody need be told so again.
                ShouldHandle = new PredicateBuilder<DeliveryResult>().HandleResult(delivery => delivery.End == DeliveryEnd.OutOfAttempts && !(delivery.RefusesKey && (gate.IsSuspended || delivery.KeyIsGood is not null))),
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
            })
            .Build();
    }

    /// <summary>
    /// Delivers one record, or one batch, with the permit its turn brought. What is <see cref="DeliveryEnd.Decided"/> can be settled. Else
    /// <see cref="Outcome.Failed"/> means that it was certainly not applied and may stay in the backlog; <see cref="Outcome.Unknown"/> that it
    /// stays there as well, to be verified before it is sent again.
    /// </summary>
    /// <exception cref="OperationCanceledException">The gate is lost: whether a call left is unknown.</exception>
    public async Task<DeliveryResult> DeliverAsync(PendingCall pending, Permit first)
    {
        var (state, begun) = (new Progress(first, pending.Request.Url.Authority, pending.OutcomeUnknown), _time.GetTimestamp());
        try
        {
            var result = await _pipeline.ExecuteAsync(static (call, _) => call.Delivery.AttemptAsync(call.Pending, call.State), (Delivery: this, Pending: pending, State: state), _cut);
            if (result is { Outcome: Outcome.Delivered, Verified: false })
            {
                _served.AddOrUpdate(state.Host, begun, (_, latest) => Math.Max(latest, begun));
                pending.Lane.Refusal = null;
            }

            // What was cut short has attempts left for the next drain.
            return result.End == DeliveryEnd.OutOfAttempts && state.Tries <= MaxRetries && result.KeyIsGood is null && _cut.IsCancellationRequested ? Interrupted(pending, state) : result;
        }
        catch (OperationCanceledException) when ((_cut.IsCancellationRequested || _gate.Exhausted.IsCancellationRequested) && !_gate.Lost.IsCancellationRequested)
        {
            return Interrupted(pending, state);
        }
        finally
        {
            if (state.Permit is { } unused) _gate.Completed(unused);
        }
    }

    private static DeliveryResult Interrupted(PendingCall pending, Progress state)
    {
        // Where permits are rare it may never have all its calls in one drain: the next one begins with others, and then it has its turn again.
        if (state.Permit is null) pending.Lane.TriedInVain(pending, once: true);
        return (state.Last ?? new DeliveryResult(Outcome.Failed, NothingKnown, state.Attempts)) with { Outcome = state.OutcomeUnknown ? Outcome.Unknown : Outcome.Failed, End = DeliveryEnd.Interrupted };
    }

    private async ValueTask<DeliveryResult> AttemptAsync(PendingCall pending, Progress state)
    {
        // What was under way when the first attempt failed shows nothing, and what is served while this one hangs does not either.
        var hostServes = state.FirstFailure is { } failure && _served.TryGetValue(state.Host, out var begun) && begun > failure;
        var keyIsGood = state.Tries++ == MaxRetries && state.Last is { RefusesKey: true } last ? await KeyIsGoodAsync(pending, last, state) : null;
        var result = await TryAsync(pending, state);
        if (result.End != DeliveryEnd.Decided) state.FirstFailure ??= _time.GetTimestamp();
        if (result.RefusesKey && keyIsGood is null) keyIsGood = await IsKnownToBeGoodAsync(pending, result, state) ? true : null;
        return state.Last = result with { HostServesOthers = hostServes, KeyIsGood = result.RefusesKey ? keyIsGood : null };
    }

    /// <summary>Whether another record of the destination has found out that its key is good, and is refused like this. That it is not, counts only after all attempts.</summary>
    private async ValueTask<bool> IsKnownToBeGoodAsync(PendingCall pending, DeliveryResult refused, Progress state)
    {
        if (pending.Lane.Refusal is not { } known || !known.IsLike(refused)) return false;
        if (_time.GetElapsedTime(known.AskedAt) < AskedAgainAfter) return true;
        // One asks, and the others rely on it meanwhile.
        pending.Lane.Refusal = known with { AskedAt = _time.GetTimestamp() };
        return await KeyIsGoodAsync(pending, refused, state) == true;
    }

    /// <summary>Every key may know whose it is. If this one may, it only has no right here. Null when nothing was found out.</summary>
    private async ValueTask<bool?> KeyIsGoodAsync(PendingCall pending, DeliveryResult refused, Progress state)
    {
        var who = ResponseClassifier.Classify(createsOne: false, await CallAsync(pending, ReadBack.Who(pending.Lane.Destination.Credential), state));
        pending.Lane.Refusal = who.Outcome == Outcome.Delivered ? new Refusal(refused.Result.Status, refused.Code, _time.GetTimestamp()) : null;
        return who switch
        {
            { Outcome: Outcome.Delivered } => true,
            { RefusesKey: true } => false,
            _ => null,
        };
    }

    private async ValueTask<DeliveryResult> TryAsync(PendingCall pending, Progress state)
    {
        var destination = pending.Lane.Destination;
        if (state.OutcomeUnknown && destination is { OnUnknown: OnUnknown.Quarantine, CreatesOne: true })
            return new DeliveryResult(Outcome.Unknown, state.Last?.Result ?? NothingKnown, state.Attempts);
        if (state.OutcomeUnknown && destination is { OnUnknown: OnUnknown.Verify, CanReadBack: true })
        {
            var finding = await FindAsync(pending, state);
            if (finding is { Found: false, Failed: false } && MayYetTakeEffect(pending, state) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, _time, _cut);
                finding = await FindAsync(pending, state);
            }

            if (finding.Found) return new DeliveryResult(Outcome.Delivered, finding.Answer, state.Attempts) { Verified = true };
            if (finding.Failed)
            {
                // Reading that is refused as such will be refused again.
                var (outcome, code, refusesKey) = ResponseClassifier.Classify(destination.CreatesOne, finding.Answer);
                return new DeliveryResult(Outcome.Unknown, finding.Answer, state.Attempts) { End = outcome == Outcome.Rejected ? DeliveryEnd.Decided : DeliveryEnd.OutOfAttempts, Code = code, RefusesKey = refusesKey };
            }

            state.OutcomeUnknown = false;
        }

        state.Attempts++;
        var (request, stopped) = await CallSequence.PrepareAsync(destination, pending.Request, next => CallAsync(pending, next, state));
        var result = stopped ?? await CallAsync(pending, request, state);
        var gone = await Gone.IsAsync(destination, pending.Request, result, next => CallAsync(pending, next, state));
        if (gone == true) return new DeliveryResult(Outcome.Delivered, result, state.Attempts) { Verified = true };
        if (gone is null) return new DeliveryResult(Outcome.Failed, result, state.Attempts) { End = DeliveryEnd.OutOfAttempts };
        var verdict = ResponseClassifier.Classify(destination.CreatesOne, result);
        state.OutcomeUnknown = verdict.Outcome == Outcome.Unknown;
        // The API's own error comes when it is done; a proxy's does not.
        state.LostAt = state.OutcomeUnknown && result.Status != OwnError ? _time.GetTimestamp() : null;
        return new DeliveryResult(verdict.Outcome, result, state.Attempts)
        {
            End = verdict.Outcome is Outcome.Failed or Outcome.Unknown ? DeliveryEnd.OutOfAttempts : DeliveryEnd.Decided,
            Code = verdict.Code,
            RefusesKey = verdict.RefusesKey,
            Sent = pending.IsBatch ? null : request,
        };
    }

    private Task<ReadBack.Finding> FindAsync(PendingCall pending, Progress state) =>
        _readBack.FindAsync(pending.Records[0], wasSentNow: state.Attempts > 0, _time.GetUtcNow(), request => CallAsync(pending, request, state));

    /// <summary>For how much longer a call without an answer may still take effect; whoever sent before us gave it up before we entered the gate.</summary>
    private TimeSpan MayYetTakeEffect(PendingCall pending, Progress state)
    {
        if (state.LostAt is { } lost) return TakesEffectWithin - _time.GetElapsedTime(lost);
        // The API's own error: it is done with it.
        if (state.Attempts > 0) return TimeSpan.Zero;
        return _time.GetUtcNow() - pending.Records[0].Intended.Last > _readBack.Lasts + ClockTolerance ? TimeSpan.Zero : TakesEffectWithin - _time.GetElapsedTime(_entered);
    }

    /// <summary>One call; a 429 pauses the key and the call is made again, for it was refused and not tried.</summary>
    private async Task<CallResult> CallAsync(PendingCall pending, RenderedRequest request, Progress state)
    {
        var resend = Math.Max(0, state.Attempts - 1);
        for (var pause = ThrottlePause; ; pause = pause * 2 < LongestThrottlePause ? pause * 2 : LongestThrottlePause)
        {
            // Step 5: gate. Every call has its permit; the first was taken in backlog order.
            var permit = state.Permit ?? await _gate.PermitAsync(_cut);
            state.Permit = null;
            // Step 6: send.
            using var span = Spans.AreWatched ? Spans.Call(pending.Lane.Destination, request, [.. pending.Records.Select(record => record.Record.Trace)], resend) : null;
            resend++;
            var result = await _client.SendAsync(pending.Lane.Destination.Credential, request, _gate.Lost);
            Spans.Answered(span, result);
            _gate.Completed(permit);
            pending.Lane.Count(result);
            if (result.Status != 429) return result;
            _gate.Penalise(result.RetryAfter ?? pause);
        }
    }

    private static readonly CallResult NothingKnown = new(0, "", null, null, "an earlier process ended between sending the request and reading its answer", true, TimeSpan.Zero);

    private sealed class Progress(Permit first, string host, bool outcomeUnknown)
    {
        public string Host { get; } = host;

        public Permit? Permit { get; set; } = first;

        public bool OutcomeUnknown { get; set; } = outcomeUnknown;

        public int Attempts { get; set; }

        /// <summary>Attempts, and those at reading back.</summary>
        public int Tries { get; set; }

        public DeliveryResult? Last { get; set; }

        /// <summary>A timestamp.</summary>
        public long? FirstFailure { get; set; }

        /// <summary>When the latest call was given up, if it may have arrived. A timestamp.</summary>
        public long? LostAt { get; set; }
    }
}
