using System.Buffers;

namespace ClockifyFunctions.Configuration;

/// <summary>Destination ids and credential names become parts of blob names and URLs, so their alphabet is small.</summary>
internal static class Names
{
    private const int MostCharacters = 64;

    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"), Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static readonly SearchValues<char> HexLetters = SearchValues.Create("0123456789abcdefABCDEF");

    private const int ClockifyIdLength = 24;

    public const string Rule = "1 to 64 of a-z, 0-9 and '-', starting with a letter or digit";

    /// <summary>A credential's name is part of app settings, which Azure allows no '-', and of a vault's secret, which is allowed no '_'.</summary>
    public const string CredentialRule = "1 to 64 of a-z and 0-9";

    /// <summary>Whether a text can be the name of an HTTP header: a token of RFC 9110.</summary>
    public static bool IsHeaderName(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));

    public static bool IsValid(string name) => name.Length is > 0 and <= MostCharacters && name[0] != '-' && !name.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>Whether a text is an id of Clockify: 24 hexadecimal digits.</summary>
    public static bool IsClockifyId(ReadOnlySpan<char> text) => text.Length == ClockifyIdLength && !text.ContainsAnyExcept(HexLetters);

    public static bool IsValidCredential(string name) => name.Length is > 0 and <= MostCharacters && !name.AsSpan().ContainsAnyExcept(LettersAndDigits);
}
