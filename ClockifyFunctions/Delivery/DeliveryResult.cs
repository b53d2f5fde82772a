using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;
using ClockifyFunctions.Storage;

namespace ClockifyFunctions.Delivery;

/// <summary>What came of the calls for one request.</summary>
/// <param name="Result">The answer that decided.</param>
internal sealed record DeliveryResult(Answer Answer, CallResult Result)
{
    /// <summary>For a create that another process started: no answer is known.</summary>
    public static readonly CallResult NothingKnown = new(0, "", null, null, "an earlier process ended between sending the request and reading its answer", true, TimeSpan.Zero);

    /// <summary>Nothing is sent, because the object is as the record says.</summary>
    public static DeliveryResult OfListed(RawJson listed) =>
        new(Answer.Delivered, new CallResult(200, new Utf8Text(listed.Utf8), "application/json", null, null, true, TimeSpan.Zero)) { Verified = true };

    /// <summary>Clockify's own error code, where the answer has one.</summary>
    public int? Code { get; init; }

    /// <summary>Known by reading instead of by an answer: a create that arrived, a delete of an object that was gone.</summary>
    public bool Verified { get; init; }

    /// <summary>There was nothing left to delete or archive.</summary>
    public bool WasGone { get; init; }

    /// <summary>The answer is to a verification. A refusal of it says nothing about the record.</summary>
    public bool IsOfVerification { get; init; }

    /// <summary>The request that was sent, if it differs from the record's own. Null for a batch: the events of its records would all repeat it.</summary>
    public RenderedRequest? Sent { get; init; }
}
