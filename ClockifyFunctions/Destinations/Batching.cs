using System.Text.Json;
using ClockifyFunctions.Templates;

namespace ClockifyFunctions.Destinations;

/// <summary>The validated rules by which several records share one request.</summary>
/// <param name="MaxAge">How long a batch that is not full waits for more records after its oldest record was queued.</param>
/// <param name="Property">The property that contains the list; null if the body is the array itself.</param>
/// <param name="Constants">Constants that are added to each record.</param>
/// <param name="GroupBy">The attribute that divides batches. Records with different values never share a request.</param>
internal sealed record Batching(
    int Size, int MaxBytes, TimeSpan MaxAge, string? Property, IReadOnlyDictionary<string, JsonElement> Constants, AttributePath? GroupBy)
{
    public const int DefaultSize = 100, DefaultMaxBytes = 1 << 20;
}
