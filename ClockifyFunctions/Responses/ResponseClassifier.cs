using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Responses;

/// <summary>
/// The one table from an answer to its <see cref="Outcome"/>. It goes by status and numeric code, never by message text,
/// which Clockify changes freely.
/// </summary>
internal static class ResponseClassifier
{
    private const int AccessDenied = 501;

    /// <summary>Codes of a user or workspace that is suspended, of a token that is invalid, and of an address to be confirmed first.</summary>
    private const int Suspended = 406, InvalidToken = 4017, Unconfirmed = 4019;

    /// <summary>The verdict on a call.</summary>
    /// <param name="Outcome">What it means for the record.</param>
    /// <param name="Code">Clockify's own error code, where the answer has one.</param>
    /// <param name="RefusesKey">The API refuses the credential rather than this record.</param>
    internal readonly record struct Verdict(Outcome Outcome, int? Code, bool RefusesKey);

    /// <param name="tellsOnce">A repeated call does not tell whether the first one took effect: it makes something twice, or finds it done.</param>
    public static Verdict Classify(bool tellsOnce, CallResult result)
    {
        var code = result.Status is >= 200 and < 300 ? null : JsonPeek.Number(result.Body.Utf8, "code");
        return result.Status switch
        {
            0 when !result.LeftThisMachine => new(Outcome.Failed, null, false),
            0 => new(Outcome.Unknown, null, false),
            >= 200 and < 300 when result.IsSuccess => new(Outcome.Delivered, null, false),
            // A proxy or captive portal answered in place of the API, which may or may not have received the request.
            >= 200 and < 300 => new(Outcome.Unknown, null, false),
            401 => new(Outcome.Failed, code, RefusesKey: true),
            403 when code is null or AccessDenied or Suspended or InvalidToken or Unconfirmed => new(Outcome.Failed, code, RefusesKey: true),
            406 when code is Suspended => new(Outcome.Failed, code, RefusesKey: true),
            429 => new(Outcome.Throttled, code, false),
            // A proxy or the API gave up in the middle. Repeating is harmless unless it does not tell.
            408 or >= 500 => new(tellsOnce ? Outcome.Unknown : Outcome.Failed, code, false),
            _ => new(Outcome.Rejected, code, false),
        };
    }
}
