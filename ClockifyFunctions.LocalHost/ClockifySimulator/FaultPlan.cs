namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>
/// Random faults. A request has at most one fault, so the sum of the probabilities is at most 1. The latency is uniform between the two bounds;
/// <see cref="TailShare"/> of the requests take <see cref="TailLatency"/> longer. The same seed and order of requests give the same faults.
/// </summary>
internal sealed record FaultPlan(Random Random)
{
    private static readonly int[] ServerErrors = [500, 502, 503];

    /// <summary>500, 502 or 503, nothing applied.</summary>
    public double ServerError { get; init; }

    public double ApplyThen500 { get; init; }

    public double DropBeforeApplying { get; init; }

    public double DropAfterApplying { get; init; }

    public double TooManyRequests { get; init; }

    public TimeSpan MinimumLatency { get; init; }

    public TimeSpan MaximumLatency { get; init; }

    /// <summary>Share of the requests that take <see cref="TailLatency"/> longer; from 0 (default) to 1.</summary>
    public double TailShare { get; init; }

    public TimeSpan TailLatency { get; init; }

    public double Sum => ServerError + ApplyThen500 + DropBeforeApplying + DropAfterApplying + TooManyRequests;

    public Fault Draw() => DrawKind(Random.NextDouble()) with
    {
        Delay = MinimumLatency + ((MaximumLatency - MinimumLatency) * Random.NextDouble())
            + (TailShare > 0 && Random.NextDouble() < TailShare ? TailLatency : TimeSpan.Zero),
    };

    private Fault DrawKind(double dice)
    {
        if ((dice -= ServerError) < 0)
            return Fault.Answer(ServerErrors[Random.Next(ServerErrors.Length)]);
        if ((dice -= ApplyThen500) < 0)
            return Fault.ApplyThenAnswer(500);
        if ((dice -= DropBeforeApplying) < 0)
            return Fault.DropBeforeApplying;
        if ((dice -= DropAfterApplying) < 0)
            return Fault.DropAfterApplying;
        return dice - TooManyRequests < 0 ? Fault.TooManyRequests : Fault.None;
    }
}
