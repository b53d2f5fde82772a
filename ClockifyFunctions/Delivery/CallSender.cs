using System.Diagnostics.CodeAnalysis;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;
using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Telemetry;
using Polly;
using Polly.Retry;

namespace ClockifyFunctions.Delivery;

/// <summary>Step 6 for one destination: takes a slot and a permit and makes one HTTP call. Repeats the call while the API throttles or cannot be reached.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "A SemaphoreSlim holds nothing to dispose of while its wait handle is not used.")]
internal sealed class CallSender
{
    /// <summary>
    /// The maximum number of calls in flight per destination. If a host hangs, its calls occupy these slots until they time out. Other destinations
    /// use the other slots of the drain.
    /// </summary>
    private const int MostCalls = 40, QuickRetries = 2, TooManyRequests = 429;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500), ThrottlePause = TimeSpan.FromSeconds(1), LongestThrottlePause = TimeSpan.FromSeconds(30);

    private readonly Destination _destination;
    private readonly DrainScope _drain;
    private readonly Action<CallResult, Permit> _answered;
    private readonly CancellationToken _begin;
    private readonly SemaphoreSlim _slots = new(MostCalls);
    private readonly ResiliencePipeline<CallResult> _quickRetries;

    /// <param name="answered">Called with the result of each call.</param>
    /// <param name="begin">Fires when no further record of the destination may begin its calls.</param>
    public CallSender(Destination destination, DrainScope drain, DestinationHealth health, Action<CallResult, Permit> answered, CancellationToken begin)
    {
        (_destination, _drain, _answered, _begin) = (destination, drain, answered, begin);
        _quickRetries = new ResiliencePipelineBuilder<CallResult> { TimeProvider = drain.Time }
            .AddRetry(new RetryStrategyOptions<CallResult>
            {
                // Repeat immediately only calls that certainly did not arrive. Otherwise a later call could overtake one that may still take effect.
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { Status: 0, LeftThisMachine: false } && !health.IsProbing && !_begin.IsCancellationRequested),
                MaxRetryAttempts = QuickRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
            })
            .Build();
    }

    /// <summary>Makes one call for a record or batch.</summary>
    /// <exception cref="OperationCanceledException">No call was made, or the gate was lost before the answer came: see <see cref="PendingCall.IsUnderWay"/>.</exception>
    public Task<CallResult> CallAsync(PendingCall pending, RenderedRequest request) => RepeatAsync(pending, request);

    /// <summary>Makes one call that a record needs before it can be resolved.</summary>
    /// <exception cref="OperationCanceledException">No further record of the destination may begin its calls, or the gate was lost before the answer came.</exception>
    public Task<CallResult> LookUpAsync(RenderedRequest request) => RepeatAsync(null, request);

    /// <param name="pending">Null for a lookup.</param>
    private async Task<CallResult> RepeatAsync(PendingCall? pending, RenderedRequest request)
    {
        var (sender, sent) = (this, 0);
        return await _quickRetries.ExecuteAsync(
            async _ =>
            {
                for (var pause = ThrottlePause; ; pause = pause * 2 < LongestThrottlePause ? pause * 2 : LongestThrottlePause)
                {
                    var result = await sender.CallOnceAsync(pending, request, sent++);
                    if (result.Status != TooManyRequests) return result;
                    // The API refused the call, so it does not count as a try. All calls with this key pause.
                    sender._drain.Gate.Pause(result.RetryAfter ?? pause);
                }
            },
            _drain.GoOn);
    }

    private async Task<CallResult> CallOnceAsync(PendingCall? pending, RenderedRequest request, int resend)
    {
        var stop = pending is { HasBegun: true } ? _drain.GoOn : _begin;
        pending?.IsWaiting = true;
        using var lookupSlot = pending is null ? await _drain.LookupPace.EnterAsync(stop) : null;
        // Take the slots and the permit in this order. A call then never waits while it holds a permit, or a slot of the drain that other destinations need.
        await _slots.WaitAsync(stop);
        try
        {
            await _drain.Slots.WaitAsync(stop);
            try
            {
                var permit = await _drain.Gate.PermitAsync(stop, request.Url.Authority);
                lookupSlot?.TookPermit();
                if (pending is null) Instruments.Lookups.Add(1, new KeyValuePair<string, object?>(Instruments.Credential, _destination.Credential.Name));
                else (pending.HasBegun, pending.IsUnderWay, pending.IsWaiting) = (true, true, false);
                using var span = Spans.AreWatched ? CallSpans.Begin(_destination, request, [.. pending?.Records.Select(record => record.Record.Trace) ?? []], resend) : null;
                CallResult result;
                try
                {
                    result = await _drain.Client.SendAsync(_destination.Credential, request, _drain.Gate.Lost);
                }
                finally
                {
                    _drain.Gate.Completed(permit);
                }

                pending?.IsUnderWay = false;
                CallSpans.Answered(span, result);
                _answered(result, permit);
                return result;
            }
            finally
            {
                _drain.Slots.Release();
            }
        }
        finally
        {
            _slots.Release();
        }
    }
}
