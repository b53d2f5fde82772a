using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sending;

/// <summary>The result of one call.</summary>
/// <param name="Status">HTTP status; 0 if the API sent no answer.</param>
/// <param name="Body">The answer's text, cut at <see cref="ClockifyClient.MaxBody"/>.</param>
/// <param name="Error">Why the API sent no answer.</param>
/// <param name="LeftThisMachine">False only if the request was certainly not sent. A retry is safe then.</param>
internal sealed record CallResult(int Status, Utf8Text Body, string? ContentType, TimeSpan? RetryAfter, string? Error, bool LeftThisMachine, TimeSpan Duration)
{
    /// <summary>The shape that a successful answer to the request has.</summary>
    public AnswerShape Expected { get; init; }

    /// <summary>Whether the status is 2xx and the body has the expected shape. A 2xx answer with another body comes from a proxy.</summary>
    public bool IsSuccess => Status is >= 200 and < 300 && AnswerJson.Fits(Expected, Body.Utf8.Span);

    /// <summary>The headers of the answer. Only the display of an answer reads them.</summary>
    public IEnumerable<KeyValuePair<string, string>>? Headers { get; init; }
}
