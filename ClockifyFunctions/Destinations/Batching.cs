using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>Several records in one request, validated.</summary>
/// <param name="MaxAge">How long a batch that is not full waits for more, from when its oldest record was queued.</param>
/// <param name="Property">The list's property, or null for a plain array.</param>
/// <param name="Constants">Added to each record.</param>
/// <param name="GroupBy">Records with different values of it never share a request.</param>
internal sealed record Batching(
    int Size, int MaxBytes, TimeSpan MaxAge, string? Property, IReadOnlyDictionary<string, JsonElement> Constants, AttributePath? GroupBy)
{
    public const int DefaultSize = 100, DefaultMaxBytes = 1 << 20;
}
