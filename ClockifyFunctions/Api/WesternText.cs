namespace ClockifyFunctions.Api;

/// <summary>
/// Tells whether a text that was decoded as Windows-1252 reads like a Western European language. Text of another code page decodes
/// without an error too, and shows by signs inside of words ("W³adys³aw") and by rows of accented letters ("Ïðèâåò"). Pure.
/// </summary>
internal static class WesternText
{
    /// <summary>Icelandic has three in "þýðing".</summary>
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
