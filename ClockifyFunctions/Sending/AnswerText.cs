using System.Globalization;

namespace ClockifyFunctions.Sending;

/// <summary>Describes an answer of the API in words. Pure.</summary>
internal static class AnswerText
{
    /// <summary>Maximum number of characters of an error in the metadata of a cursor.</summary>
    public const int MostOfALastError = 200;

    /// <summary>Maximum number of characters of the API's message in a reason.</summary>
    private const int MostOfAMessage = 500;

    private const int UnknownKey = 4003, InvalidToken = 4017, ExpiredToken = 4023, Unconfirmed = 4019, Suspended = 406, AccessDenied = 501;

    /// <summary>Describes a failed call: the status, code and message of the API, or the reason why the API sent no answer.</summary>
    public static string Describe(CallResult result)
    {
        if (result.Error is { } error) return result.Status == 0 ? $"No usable answer: {error}." : $"The call was not made: {error}.";
        var message = Message(result.Body);
        return message.Length > 0 ? $"Clockify answered {Status(result)}: {message}" : $"Clockify answered {Status(result)} without a message.";
    }

    /// <summary>Describes why the API refuses a key. The sentence has no full stop. <paramref name="code"/> is Clockify's own error code.</summary>
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

    /// <summary>Shortens a text that is longer than <paramref name="most"/> characters. The cut is between two words where possible.</summary>
    public static string Shorten(string text, int most)
    {
        if (text.Length <= most) return text;
        // A long word is cut in the middle, but never between the two halves of a surrogate pair.
        var end = text.LastIndexOfAny([' ', '\n', '\t'], most - 1);
        if (end < most / 2) end = char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1;
        return $"{text[..end].TrimEnd(' ', ',', ';', ':', '.')}…";
    }

    /// <summary>Returns the unescaped member <c>message</c> of a JSON answer, or the whole body if that member is missing.</summary>
    private static string Message(Utf8Text body) => Shorten((JsonPeek.Text(body.Utf8, "message") ?? body.ToString()).Trim(), MostOfAMessage);

    private static string Status(CallResult result) =>
        JsonPeek.Number(result.Body.Utf8, "code") is { } code ? $"{result.Status} (code {code})" : result.Status.ToString(CultureInfo.InvariantCulture);

    private static string Numbers(int status, int? code) => code is { } number ? $"{status}, code {number}" : status.ToString(CultureInfo.InvariantCulture);
}
