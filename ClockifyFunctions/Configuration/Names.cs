using System.Text.RegularExpressions;

namespace ClockifyFunctions.Configuration;

/// <summary>Destination ids and credential names become parts of blob names and URLs, so their alphabet is small.</summary>
internal static partial class Names
{
    public const string Rule = "1 to 64 of a-z, 0-9 and '-', starting with a letter or digit";

    /// <summary>A credential's name is part of app settings, which Azure allows no '-', and of a vault's secret, which is allowed no '_'.</summary>
    public const string CredentialRule = "1 to 64 of a-z and 0-9";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    public static bool IsValidCredential(string name) => CredentialPattern().IsMatch(name);

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,63}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();

    [GeneratedRegex("^[a-z0-9]{1,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex CredentialPattern();
}
