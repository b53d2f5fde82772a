using ClockifyFunctions.Rendering;
using ClockifyFunctions.Responses;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Delivery;

/// <summary>How the delivery of one record ended.</summary>
/// <param name="Attempts">Calls made for it, those answered with 429 and read-backs left out.</param>
internal sealed record DeliveryResult(Outcome Outcome, CallResult Result, int Attempts)
{
    public DeliveryEnd End { get; init; }

    /// <summary>Clockify's own error code, where the answer has one.</summary>
    public int? Code { get; init; }

    /// <summary>Known by reading instead of by an answer: a create that arrived, a delete of what was gone.</summary>
    public bool Verified { get; init; }

    /// <summary>The API refuses the credential.</summary>
    public bool RefusesKey { get; init; }

    /// <summary>Before the last attempt began, its host had taken another record that began after the first one failed: then the host works, and not only for reading.</summary>
    public bool HostServesOthers { get; init; }

    /// <summary>Where the credential was refused: whether the API says whose it is, asked before the last attempt, or true because another record of the destination has asked. Null where that is not known.</summary>
    public bool? KeyIsGood { get; init; }

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

/// <summary>Why nothing more is tried.</summary>
internal enum DeliveryEnd
{
    /// <summary>There is nothing more to find out, even if that means never to know.</summary>
    Decided,

    /// <summary>It failed. While there are attempts left it is tried again; whoever receives this knows that there are none.</summary>
    OutOfAttempts,

    /// <summary>The drain ended while it waited for a permit, or for a better moment.</summary>
    Interrupted,
}
