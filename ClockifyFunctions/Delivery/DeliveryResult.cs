using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>How the delivery of one record ended.</summary>
/// <param name="Attempts">Calls made for it, those answered with 429 and read-backs left out.</param>
/// <param name="Verified">Known by reading instead of by an answer: a create that arrived, a delete of what was gone.</param>
/// <param name="RefusesKey">The API refuses the credential.</param>
internal sealed record DeliveryResult(Outcome Outcome, CallResult Result, int? Code, int Attempts, bool Verified, bool RefusesKey)
{
    /// <summary>The drain ended while it waited for a permit, or for a better moment.</summary>
    public bool Interrupted { get; init; }

    /// <summary>What really went out, where that is not the record's own request: a merged update, say. Not for a batch: its records' events would all repeat it.</summary>
    public RenderedRequest? Sent { get; init; }

    /// <summary>As events, the quarantine and metrics call it.</summary>
    public string OutcomeName => Outcome switch
    {
        Outcome.Delivered => "delivered",
        Outcome.Rejected => "rejected",
        Outcome.Failed => "failed",
        _ => "unknown",
    };
}
