using System.Collections.Concurrent;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Telemetry;
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

    /// <summary>When the latest of the deliveries that a host has taken had begun. Timestamps.</summary>
    private readonly ConcurrentDictionary<(string Host, int Port), long> _served = [];

    /// <param name="cut">Fires when what was begun waits no longer, for a permit or a better moment; calls in flight are still answered.</param>
    public RecordDelivery(Gate gate, ClockifyClient client, TimeProvider time, ReadBack readBack, CancellationToken cut)
    {
        (_gate, _client, _time, _readBack, _cut, _entered) = (gate, client, time, readBack, cut, time.GetTimestamp());
        _pipeline = new ResiliencePipelineBuilder<DeliveryResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<DeliveryResult>
            {
                ShouldHandle = new PredicateBuilder<DeliveryResult>().HandleResult(IsToBeRepeated),
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
        var (state, begun) = (new Progress(this, pending, first), _time.GetTimestamp());
        try
        {
            _cut.ThrowIfCancellationRequested();
            var result = await AttemptAsync(state);
            // Nearly all are decided by now. The pipeline takes the first attempt as it was.
            if (IsToBeRepeated(result)) result = await _pipeline.ExecuteAsync(static (state, _) => state.NextAsync(), state, _cut);
            if (result is { Outcome: Outcome.Delivered, Verified: false })
            {
                _served.AddOrUpdate(state.Host, static (_, begun) => begun, static (_, latest, begun) => Math.Max(latest, begun), begun);
                pending.Lane.Refusal = null;
            }

            // What was cut short has attempts left for the next drain.
            return result.End == DeliveryEnd.OutOfAttempts && state.Tries <= MaxRetries && result.KeyIsGood is null && _cut.IsCancellationRequested ? Interrupted(state) : result;
        }
        catch (OperationCanceledException) when ((_cut.IsCancellationRequested || _gate.Exhausted.IsCancellationRequested) && !_gate.Lost.IsCancellationRequested)
        {
            return Interrupted(state);
        }
        finally
        {
            GiveUpPermit(state);
        }
    }

    /// <summary>Once it is known whether the key or its rights are wanting, nobody need be told so again.</summary>
    private bool IsToBeRepeated(DeliveryResult result) => result.End == DeliveryEnd.OutOfAttempts && !(result.RefusesKey && (_gate.IsSuspended || result.KeyIsGood is not null));

    private static DeliveryResult Interrupted(Progress state)
    {
        // Where permits are rare it may never have all its calls in one drain: the next one begins with others, and then it has its turn again.
        if (state.Permit is null) state.Pending.Lane.TriedInVain(state.Pending, once: true);
        return (state.Last ?? new DeliveryResult(Outcome.Failed, NothingKnown, state.Attempts)) with { Outcome = state.OutcomeUnknown ? Outcome.Unknown : Outcome.Failed, End = DeliveryEnd.Interrupted };
    }

    private async ValueTask<DeliveryResult> AttemptAsync(Progress state)
    {
        // What was under way when the first attempt failed shows nothing, and what is served while this one hangs does not either.
        var hostServes = state.FirstFailure is { } failure && _served.TryGetValue(state.Host, out var begun) && begun > failure;
        var keyIsGood = state.Tries++ == MaxRetries && state.Last is { RefusesKey: true } last ? await KeyIsGoodAsync(last, state) : null;
        var result = await TryAsync(state);
        if (result.End != DeliveryEnd.Decided) state.FirstFailure ??= _time.GetTimestamp();
        if (result.RefusesKey && keyIsGood is null) keyIsGood = await IsKnownToBeGoodAsync(result, state) ? true : null;
        return state.Last = result with { HostServesOthers = hostServes, KeyIsGood = result.RefusesKey ? keyIsGood : null };
    }

    /// <summary>Whether another record of the destination has found out that its key is good, and is refused like this. That it is not, counts only after all attempts.</summary>
    private async ValueTask<bool> IsKnownToBeGoodAsync(DeliveryResult refused, Progress state)
    {
        var lane = state.Pending.Lane;
        if (lane.Refusal is not { } known || !known.IsLike(refused)) return false;
        if (_time.GetElapsedTime(known.AskedAt) < AskedAgainAfter) return true;
        // One asks, and the others rely on it meanwhile.
        lane.Refusal = known with { AskedAt = _time.GetTimestamp() };
        return await KeyIsGoodAsync(refused, state) == true;
    }

    /// <summary>Every key may know whose it is. If this one may, it only has no right here. Null when nothing was found out.</summary>
    private async ValueTask<bool?> KeyIsGoodAsync(DeliveryResult refused, Progress state)
    {
        var lane = state.Pending.Lane;
        var who = ResponseClassifier.Classify(tellsOnce: false, await CallAsync(state, ReadBack.Who(lane.Destination.Credential)));
        lane.Refusal = who.Outcome == Outcome.Delivered ? new Refusal(refused.Result.Status, refused.Code, _time.GetTimestamp()) : null;
        return who switch
        {
            { Outcome: Outcome.Delivered } => true,
            { RefusesKey: true } => false,
            _ => null,
        };
    }

    private async ValueTask<DeliveryResult> TryAsync(Progress state)
    {
        if (state.OutcomeUnknown && await FindOutAsync(state) is { } known) return known;
        var (pending, destination) = (state.Pending, state.Pending.Lane.Destination);
        state.Attempts++;
        var (request, stopped) = await CallSequence.PrepareAsync(destination, pending.Request, state.Call);
        var result = stopped ?? await CallAsync(state, request);
        var gone = await Gone.IsAsync(destination, pending.Request, result, state.Call);
        if (gone == true) return new DeliveryResult(Outcome.Delivered, result, state.Attempts) { Verified = true };
        if (gone is null) return new DeliveryResult(Outcome.Failed, result, state.Attempts) { End = DeliveryEnd.OutOfAttempts };
        var verdict = ResponseClassifier.Classify(destination.TellsOnce, result);
        // Refused, perhaps, because the call before it did what was wanted: who repeats it by hand ends something else.
        if (verdict.Outcome == Outcome.Rejected && state.MayHaveArrived && destination.Endpoint is { EndsWhatItFinds: true }) return new DeliveryResult(Outcome.Unknown, result, state.Attempts) { Code = verdict.Code };
        state.MayHaveArrived |= verdict.Outcome == Outcome.Unknown;
        // That this call failed says nothing of the one before it.
        if (verdict.Outcome == Outcome.Failed && state.MayHaveArrived && destination.Endpoint is { EndsWhatItFinds: true }) verdict = verdict with { Outcome = Outcome.Unknown };
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

    /// <summary>What became of a call that may have arrived; null when it is to be made again.</summary>
    private async Task<DeliveryResult?> FindOutAsync(Progress state)
    {
        var destination = state.Pending.Lane.Destination;
        if (destination is { OnUnknown: OnUnknown.Quarantine, CreatesOne: true }) return new DeliveryResult(Outcome.Unknown, state.Last?.Result ?? NothingKnown, state.Attempts);
        if (destination is not { OnUnknown: OnUnknown.Verify, CanReadBack: true }) return null;
        var finding = await FindAsync(state);
        if (finding is { Found: false, Failed: false } && MayYetTakeEffect(state) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, _time, _cut);
            finding = await FindAsync(state);
        }

        if (finding.Found) return new DeliveryResult(Outcome.Delivered, finding.Answer, state.Attempts) { Verified = true };
        if (finding.Failed)
        {
            // Reading that is refused as such will be refused again.
            var (outcome, code, refusesKey) = ResponseClassifier.Classify(destination.TellsOnce, finding.Answer);
            return new DeliveryResult(Outcome.Unknown, finding.Answer, state.Attempts) { End = outcome == Outcome.Rejected ? DeliveryEnd.Decided : DeliveryEnd.OutOfAttempts, Code = code, RefusesKey = refusesKey };
        }

        state.OutcomeUnknown = false;
        return null;
    }

    private Task<ReadBack.Finding> FindAsync(Progress state) =>
        _readBack.FindAsync(state.Pending.Records[0], wasSentNow: state.Attempts > 0, _time.GetUtcNow(), state.Call, () => GiveUpPermit(state), _cut);

    private void GiveUpPermit(Progress state)
    {
        if (state.Permit is { } unused) _gate.GivenUp(unused);
        state.Permit = null;
    }

    /// <summary>For how much longer a call without an answer may still take effect; whoever sent before us gave it up before we entered the gate.</summary>
    private TimeSpan MayYetTakeEffect(Progress state)
    {
        if (state.LostAt is { } lost) return TakesEffectWithin - _time.GetElapsedTime(lost);
        // The API's own error: it is done with it.
        if (state.Attempts > 0) return TimeSpan.Zero;
        return _time.GetUtcNow() - state.Pending.Records[0].Intended.Last > _readBack.Lasts + ClockTolerance ? TimeSpan.Zero : TakesEffectWithin - _time.GetElapsedTime(_entered);
    }

    /// <summary>One call; a 429 pauses the key and the call is made again, for it was refused and not tried.</summary>
    private async Task<CallResult> CallAsync(Progress state, RenderedRequest request)
    {
        var pending = state.Pending;
        var resend = Math.Max(0, state.Attempts - 1);
        for (var pause = ThrottlePause; ; pause = pause * 2 < LongestThrottlePause ? pause * 2 : LongestThrottlePause)
        {
            // Step 5: gate. Every call has its permit; the first was taken in backlog order.
            var permit = state.Permit ?? await _gate.PermitAsync(_cut);
            state.Permit = null;
            // Step 6: send.
            using var span = Spans.AreWatched ? Spans.Call(pending.Lane.Destination, request, [.. pending.Records.Select(record => record.Record.Trace)], resend) : null;
            resend++;
            CallResult result;
            try
            {
                result = await _client.SendAsync(pending.Lane.Destination.Credential, request, _gate.Lost);
            }
            finally
            {
                _gate.Completed(permit);
            }

            Spans.Answered(span, result);
            pending.Lane.Count(result, permit);
            if (result.Status != 429) return result;
            _gate.Penalise(result.RetryAfter ?? pause);
        }
    }

    private static readonly CallResult NothingKnown = new(0, "", null, null, "an earlier process ended between sending the request and reading its answer", true, TimeSpan.Zero);

    /// <summary>One delivery while it lasts.</summary>
    private sealed class Progress(RecordDelivery delivery, PendingCall pending, Permit first)
    {
        private Func<RenderedRequest, Task<CallResult>>? _call;
        private bool _isRepeated;

        public PendingCall Pending { get; } = pending;

        public (string Host, int Port) Host => (Pending.Request.Url.Host, Pending.Request.Url.Port);

        public Permit? Permit { get; set; } = first;

        public bool OutcomeUnknown { get; set; } = pending.OutcomeUnknown;

        /// <summary>An earlier call for the record may have taken effect.</summary>
        public bool MayHaveArrived { get; set; } = pending.OutcomeUnknown;

        public int Attempts { get; set; }

        /// <summary>Attempts, and those at reading back.</summary>
        public int Tries { get; set; }

        public DeliveryResult? Last { get; set; }

        /// <summary>A timestamp.</summary>
        public long? FirstFailure { get; set; }

        /// <summary>When the latest call was given up, if it may have arrived. A timestamp.</summary>
        public long? LostAt { get; set; }

        /// <summary>The first attempt, which was made, and then further ones.</summary>
        public ValueTask<DeliveryResult> NextAsync()
        {
            if (_isRepeated) return delivery.AttemptAsync(this);
            _isRepeated = true;
            return new ValueTask<DeliveryResult>(Last!);
        }

        /// <summary>One call, permit included.</summary>
        public Func<RenderedRequest, Task<CallResult>> Call => _call ??= request => delivery.CallAsync(this, request);
    }
}
