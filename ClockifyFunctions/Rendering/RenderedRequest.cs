using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>A complete HTTP request, except for the header with the API key.</summary>
internal sealed record RenderedRequest(HttpMethod Method, Uri Url, ReadOnlyMemory<byte> Body)
{
    public string ContentType { get; init; } = "application/json";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The shape that a successful answer has.</summary>
    public AnswerShape Answer { get; init; }
}
