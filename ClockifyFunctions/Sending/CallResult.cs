using ClockifyFunctions.Destinations;

namespace ClockifyFunctions.Sending;

/// <summary>What came of one call.</summary>
/// <param name="Status">HTTP status; 0 if no answer came.</param>
/// <param name="Body">The answer's text, cut at <see cref="ClockifyClient.MaxBody"/>.</param>
/// <param name="Error">Why no answer came.</param>
/// <param name="LeftThisMachine">False only when the request certainly was not sent, so that repeating it is safe.</param>
internal sealed record CallResult(int Status, Utf8Text Body, string? ContentType, TimeSpan? RetryAfter, string? Error, bool LeftThisMachine, TimeSpan Duration)
{
    /// <summary>What a successful answer to the request holds.</summary>
    public AnswerShape Expected { get; init; }

    /// <summary>Whether the status is 2xx and the body is what was asked for. A 2xx with another body comes from a proxy.</summary>
    public bool IsSuccess => Status is >= 200 and < 300 && AnswerJson.Fits(Expected, Body.Utf8.Span);

    /// <summary>Of the answer, for people who look at one.</summary>
    public IEnumerable<KeyValuePair<string, string>>? Headers { get; init; }
}
