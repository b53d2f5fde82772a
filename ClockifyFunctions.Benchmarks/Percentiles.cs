namespace ClockifyFunctions.Benchmarks;

/// <summary>Percentiles of measured values, in the unit of the values.</summary>
internal sealed record Percentiles(double P50, double P99, double Max)
{
    public static Percentiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? new(0, 0, 0) : new(At(0.5), At(0.99), Math.Round(sorted[^1], 1));

        double At(double part) => Math.Round(sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(part * sorted.Length))], 1);
    }
}
