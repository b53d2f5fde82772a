using ClockifyFunctions.Sending;

namespace ClockifyFunctions.Responses;

/// <summary>
/// Maps a response to its <see cref="Outcome"/>. It uses the status and the numeric error code, never the text of the message,
/// which Clockify changes without notice.
/// </summary>
internal static class ResponseClassifier
{
    private const int AccessDenied = 501;

    /// <summary>Error codes: the user or workspace is suspended, the token is invalid, or the e-mail address is not confirmed.</summary>
    private const int Suspended = 406, InvalidToken = 4017, Unconfirmed = 4019;

    /// <summary>The outcome of a call, with the details of an error.</summary>
    /// <param name="Code">The Clockify error code; null if the response has none.</param>
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
            // A proxy or captive portal responded instead of the API. The API may or may not have received the request.
            >= 200 and < 300 => new(Outcome.Unknown, null, false),
            401 => new(Outcome.Failed, code, RefusesKey: true),
            403 when code is null or AccessDenied or Suspended or InvalidToken or Unconfirmed => new(Outcome.Failed, code, RefusesKey: true),
            406 when code is Suspended => new(Outcome.Failed, code, RefusesKey: true),
            429 => new(Outcome.Throttled, code, false),
            // A 503 is unknown too: some proxies return it if the upstream server closed the connection or timed out.
            408 or >= 500 => new(Outcome.Unknown, code, false),
            _ => new(Outcome.Rejected, code, false),
        };
    }
}
