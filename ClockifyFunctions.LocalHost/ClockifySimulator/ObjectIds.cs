namespace ClockifyFunctions.LocalHost.ClockifySimulator;

/// <summary>24 hex characters as MongoDB makes them: seconds, then a machine part, then a counter. Predictable on purpose.</summary>
internal sealed class ObjectIds(TimeProvider time)
{
    private int counter;

    public string Next() => $"{time.GetUtcNow().ToUnixTimeSeconds():x8}51a7000000{Interlocked.Increment(ref counter):x6}";

    public static bool IsWellFormed(string id) => id.Length == 24 && id.All(char.IsAsciiHexDigit);
}
