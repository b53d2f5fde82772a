using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>A request as it goes over the wire, less the credential's header.</summary>
internal sealed record RenderedRequest(HttpMethod Method, Uri Url, ReadOnlyMemory<byte> Body)
{
    public string ContentType { get; init; } = "application/json";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What a successful answer holds.</summary>
    public AnswerShape Answer { get; init; }
}
