using System.Buffers;

namespace ClockifyFunctions.Configuration;

/// <summary>Rules for names. Destination ids and credential names become parts of blob names and URLs, so few characters are allowed.</summary>
internal static class Names
{
    private const int MostCharacters = 64;

    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"), Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static readonly SearchValues<char> HexLetters = SearchValues.Create("0123456789abcdefABCDEF");

    private const int ClockifyIdLength = 24;

    public const string Rule = "1 to 64 of a-z, 0-9 and '-', starting with a letter or digit";

    /// <summary>A credential name is part of app settings, whose names cannot contain '-', and of vault secrets, whose names cannot contain '_'.</summary>
    public const string CredentialRule = "1 to 64 of a-z and 0-9";

    /// <summary>Whether a text is a valid HTTP header name: a token of RFC 9110.</summary>
    public static bool IsHeaderName(string name) => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal));

    public static bool IsValid(string name) => name.Length is > 0 and <= MostCharacters && name[0] != '-' && !name.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>Whether a text is a Clockify id: 24 hexadecimal digits.</summary>
    public static bool IsClockifyId(ReadOnlySpan<char> text) => text.Length == ClockifyIdLength && !text.ContainsAnyExcept(HexLetters);

    public static bool IsValidCredential(string name) => name.Length is > 0 and <= MostCharacters && !name.AsSpan().ContainsAnyExcept(LettersAndDigits);
}
