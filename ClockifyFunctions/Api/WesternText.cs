namespace ClockifyFunctions.Api;

/// <summary>
/// Decides whether a text that was decoded as Windows-1252 is plausible as a Western European language. Text of another code page also decodes
/// without an error, but has signs inside of words ("W³adys³aw") or sequences of accented letters ("Ïðèâåò"). Pure.
/// </summary>
internal static class WesternText
{
    /// <summary>Maximum number of accented letters in a row. Icelandic has three in "þýðing".</summary>
    private const int MostAccentedInARow = 3;

    public static bool IsPlausible(ReadOnlySpan<char> text)
    {
        var accented = 0;
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            accented = letter > '~' && char.IsLetter(letter) ? accented + 1 : 0;
            if (accented > MostAccentedInARow || letter is >= '\x7f' and <= '\x9f' || (letter is >= '\xa1' and <= '\xbf' && IsInsideOfAWord(text, at))) return false;
        }

        return true;
    }

    private static bool IsInsideOfAWord(ReadOnlySpan<char> text, int at) =>
        !char.IsLetter(text[at]) && text[at] is not ('·' or '\xad') && at > 0 && at + 1 < text.Length && char.IsLetter(text[at - 1]) && char.IsLetter(text[at + 1]);
}
