using ClockifyFunctions.Destinations;
using ClockifyFunctions.Observability;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Outcome = ClockifyFunctions.Responses.Outcome;

namespace ClockifyFunctions.Delivery;

/// <summary>Steps 5 and 6 for the records of one credential: permit, call, and what to do when the answer is not plain.</summary>
internal sealed class RecordDelivery
{
    private const int MaxRetries = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ThrottlePause = TimeSpan.FromSeconds(1), LongestThrottlePause = TimeSpan.FromSeconds(30);

    private readonly Gate _gate;
    private readonly ClockifyClient _client;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cut;
    private readonly ReadBack _readBack;
    private readonly ResiliencePipeline<DeliveryResult> _pipeline;

    /// <param name="budget">Of a drain: a call may come so much later than its intent.</param>
    /// <param name="cut">Fires when what was begun waits no longer, for a permit or a better moment; calls in flight are still answered.</param>
    public RecordDelivery(Gate gate, ClockifyClient client, TimeProvider time, TimeSpan budget, CancellationToken cut)
    {
        (_gate, _client, _time, _readBack, _cut) = (gate, client, time, new ReadBack(budget), cut);
        var mayWorkLater = new PredicateBuilder<DeliveryResult>().HandleResult(delivery => delivery.Outcome is Outcome.Failed or Outcome.Unknown);
        _pipeline = new ResiliencePipelineBuilder<DeliveryResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<DeliveryResult>
            {
                ShouldHandle = mayWorkLater,
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
            })
            // One breaker per credential and drain: a drain that finds it open ends and leaves the rest to a later ticket.
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<DeliveryResult>
            {
                ShouldHandle = mayWorkLater,
                FailureRatio = 0.9,
                MinimumThroughput = 10,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(30),
            })
            .Build();
    }

    /// <summary>
    /// Delivers one record, or one batch, with the permit its turn brought. What comes back is
    /// <see cref="Outcome.Delivered"/> or <see cref="Outcome.Rejected"/>: settle it;
    /// <see cref="Outcome.Failed"/>: certainly not applied, leave it in the backlog;
    /// <see cref="Outcome.Unknown"/>: leave it there as well, to be verified before it is sent again; null: the breaker is open, nothing was sent.
    /// </summary>
    /// <exception cref="OperationCanceledException">The gate is lost: whether a call left is unknown.</exception>
    public async Task<DeliveryResult?> DeliverAsync(PendingCall pending, Permit first)
    {
        var state = new Progress(first, pending.OutcomeUnknown);
        try
        {
            var result = await _pipeline.ExecuteAsync(static (call, _) => call.Delivery.AttemptAsync(call.Pending, call.State), (Delivery: this, Pending: pending, State: state), _cut);
            // What was cut short has attempts left for the next drain.
            return result.Outcome is Outcome.Failed or Outcome.Unknown && state.Attempts <= MaxRetries && _cut.IsCancellationRequested ? result with { Interrupted = true } : result;
        }
        catch (BrokenCircuitException)
        {
            return state.Last;
        }
        catch (OperationCanceledException) when (_cut.IsCancellationRequested && !_gate.Lost.IsCancellationRequested)
        {
            return new DeliveryResult(state.OutcomeUnknown ? Outcome.Unknown : Outcome.Failed, state.Last?.Result ?? NothingKnown, null, state.Attempts, false, false) { Interrupted = true };
        }
        finally
        {
            if (state.Permit is { } unused) _gate.Completed(unused);
        }
    }

    private async ValueTask<DeliveryResult> AttemptAsync(PendingCall pending, Progress state)
    {
        if (state.OutcomeUnknown && pending.Lane.Destination is { OnUnknown: OnUnknown.Quarantine, CreatesOne: true })
            return state.Last = new DeliveryResult(Outcome.Rejected, state.Last?.Result ?? NothingKnown, null, state.Attempts, false, false);
        if (state.OutcomeUnknown && pending.Lane.Destination is { OnUnknown: OnUnknown.Verify, CanReadBack: true })
        {
            var finding = await _readBack.FindAsync(pending.Records[0], wasSentNow: state.Attempts > 0, _time.GetUtcNow(), request => CallAsync(pending, request, state));
            if (finding.Found) return state.Last = new DeliveryResult(Outcome.Delivered, finding.Answer, null, state.Attempts, Verified: true, false);
            if (finding.Failed)
            {
                var reason = ResponseClassifier.Classify(pending.Lane.Destination.CreatesOne, finding.Answer);
                return state.Last = new DeliveryResult(Outcome.Unknown, finding.Answer, reason.Code, state.Attempts, false, reason.RefusesKey);
            }

            state.OutcomeUnknown = false;
        }

        state.Attempts++;
        var (request, stopped) = await CallSequence.PrepareAsync(pending.Lane.Destination, pending.Request, next => CallAsync(pending, next, state));
        var result = stopped ?? await CallAsync(pending, request, state);
        var gone = await Gone.IsAsync(pending.Lane.Destination, pending.Request, result, next => CallAsync(pending, next, state));
        if (gone != false) return state.Last = new DeliveryResult(gone == true ? Outcome.Delivered : Outcome.Failed, result, null, state.Attempts, Verified: gone == true, false);
        var verdict = ResponseClassifier.Classify(pending.Lane.Destination.CreatesOne, result);
        state.OutcomeUnknown = verdict.Outcome == Outcome.Unknown;
        return state.Last = new DeliveryResult(verdict.Outcome, result, verdict.Code, state.Attempts, false, verdict.RefusesKey) { Sent = pending.IsBatch ? null : request };
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

    private sealed class Progress(Permit first, bool outcomeUnknown)
    {
        public Permit? Permit { get; set; } = first;

        public bool OutcomeUnknown { get; set; } = outcomeUnknown;

        public int Attempts { get; set; }

        public DeliveryResult? Last { get; set; }
    }
}
