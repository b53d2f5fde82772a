using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Rendering;

/// <summary>A request as it goes over the wire, less the credential's header.</summary>
internal sealed record RenderedRequest(HttpMethod Method, Uri Url, ReadOnlyMemory<byte> Body)
{
    /// <summary>Bytes of a body. A template can repeat a record, and a mapping an attribute, so often that the request would fill the memory.</summary>
    public const int MostBytes = 10 << 20;

    public static readonly Problem TooLarge = new("$", $"The request body would have more than {MostBytes >> 20} MB; send less of the record, or change the template.");

    public string ContentType { get; init; } = "application/json";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>What a successful answer holds.</summary>
    public AnswerShape Answer { get; init; }
}
