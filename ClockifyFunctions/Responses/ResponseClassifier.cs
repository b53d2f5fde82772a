using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Responses;

/// <summary>
/// The one table from an answer to its <see cref="Outcome"/>. It goes by status and numeric code, never by the text of the message,
/// which Clockify changes without notice.
/// </summary>
internal static class ResponseClassifier
{
    private const int AccessDenied = 501;

    /// <summary>Codes of a user or workspace that is suspended, of a token that is invalid, and of an address that must be confirmed first.</summary>
    private const int Suspended = 406, InvalidToken = 4017, Unconfirmed = 4019;

    /// <summary>What a call means for its record.</summary>
    /// <param name="Code">Clockify's own error code, where the answer has one.</param>
    /// <param name="RefusesKey">The API refuses the credential rather than this record.</param>
    internal readonly record struct Verdict(Outcome Outcome, int? Code, bool RefusesKey);

    public static Verdict Classify(CallResult result)
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
            // A 503 is no exception: some proxies answer with it when the upstream server broke off or took too long.
            408 or >= 500 => new(Outcome.Unknown, code, false),
            _ => new(Outcome.Rejected, code, false),
        };
    }
}
