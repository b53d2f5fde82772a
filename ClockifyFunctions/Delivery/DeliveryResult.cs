using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>The result of the calls for one request.</summary>
/// <param name="Result">The answer that decided the result.</param>
internal sealed record DeliveryResult(AnswerKind Answer, CallResult Result)
{
    /// <summary>The answer of a create that an earlier process started. No answer was read.</summary>
    public static readonly CallResult NothingKnown = new(0, "", null, null, "an earlier process ended between sending the request and reading its answer", true, TimeSpan.Zero);

    /// <summary>The result for a record that is not sent, because the listed object already equals the record.</summary>
    public static DeliveryResult OfListed(RawJson listed) =>
        new(AnswerKind.Delivered, new CallResult(200, new Utf8Text(listed.Utf8), "application/json", null, null, true, TimeSpan.Zero)) { Verified = true };

    /// <summary>Clockify's own error code; null if the answer contains none.</summary>
    public int? Code { get; init; }

    /// <summary>
    /// Whether the result was found by reading the object instead of by the answer to the call. For example, a create had arrived, or the object of a
    /// delete did not exist.
    /// </summary>
    public bool Verified { get; init; }

    /// <summary>Whether the object to delete or archive did not exist any more.</summary>
    public bool WasGone { get; init; }

    /// <summary>Whether the answer belongs to a verification. If the API refuses a verification, the record itself was not refused.</summary>
    public bool IsOfVerification { get; init; }

    /// <summary>
    /// The request that was sent, if it differs from the record's own request. Null for batches, because the event of each record would repeat the
    /// whole request.
    /// </summary>
    public RenderedRequest? Sent { get; init; }
}
