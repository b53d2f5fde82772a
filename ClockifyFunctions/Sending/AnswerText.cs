using System.Globalization;

namespace ClockifyFunctions.Sending;

/// <summary>Says in words what an API answered. Pure.</summary>
internal static class AnswerText
{
    /// <summary>Characters of an error that a cursor's metadata keeps.</summary>
    public const int MostOfALastError = 200;

    /// <summary>Characters of an API's message in a reason.</summary>
    private const int MostOfAMessage = 500;

    private const int UnknownKey = 4003, InvalidToken = 4017, ExpiredToken = 4023, Unconfirmed = 4019, Suspended = 406, AccessDenied = 501;

    /// <summary>One or two sentences about a call that failed: status, code and message of the API, or why there was no answer.</summary>
    public static string Describe(CallResult result)
    {
        if (result.Error is { } error) return result.Status == 0 ? $"No answer: {error}." : $"The call was not made: {error}.";
        var message = Message(result.Body);
        return message.Length > 0 ? $"Clockify answered {Status(result)}: {message}" : $"Clockify answered {Status(result)} without a message.";
    }

    /// <summary>Why the API refuses a key, as a sentence without its full stop. <paramref name="code"/> is Clockify's own error code.</summary>
    public static string DescribeRefusedKey(int status, int? code)
    {
        var reason = code switch
        {
            UnknownKey => "Clockify does not know this API key",
            InvalidToken or ExpiredToken => "Clockify does not accept this token",
            Unconfirmed => "Clockify waits until the owner of this key confirms the e-mail address",
            Suspended => "Clockify has suspended the owner of this key, or the workspace",
            AccessDenied => "Clockify gives this key no access",
            _ => "Clockify refuses every call with this key",
        };
        return $"{reason} (status {Numbers(status, code)})";
    }

    /// <summary>The text, cut between two words where it is longer than <paramref name="most"/> characters.</summary>
    public static string Shorten(string text, int most)
    {
        if (text.Length <= most) return text;
        // One long word is cut inside, but never between the halves of a surrogate pair.
        var end = text.LastIndexOfAny([' ', '\n', '\t'], most - 1);
        if (end < most / 2) end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return $"{text[..end].TrimEnd(' ', ',', ';', ':', '.')}…";
    }

    /// <summary>The member <c>message</c> of a JSON answer, in characters instead of escapes; the whole body where there is none.</summary>
    private static string Message(Utf8Text body) => Shorten((JsonPeek.Text(body.Utf8, "message") ?? body.ToString()).Trim(), MostOfAMessage);

    private static string Status(CallResult result) =>
        JsonPeek.Number(result.Body.Utf8, "code") is { } code ? $"{result.Status} (code {code})" : result.Status.ToString(CultureInfo.InvariantCulture);

    private static string Numbers(int status, int? code) => code is { } number ? $"{status}, code {number}" : status.ToString(CultureInfo.InvariantCulture);
}
