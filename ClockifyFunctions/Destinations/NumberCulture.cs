namespace ClockifyFunctions.Destinations;

/// <summary>How a country writes numbers. The app runs without the cultures of the operating system, so that it reads alike on every machine.</summary>
/// <param name="Group">Between thousands.</param>
internal sealed record NumberCulture(char Decimal, char Group)
{
    private const char AnySpace = ' ', Apostrophe = '\'';

    private static readonly NumberCulture DotComma = new('.', ','), CommaDot = new(',', '.'), CommaSpace = new(',', AnySpace), DotApostrophe = new('.', Apostrophe);

    /// <summary>By language, and by language and country where a country differs.</summary>
    private static readonly Dictionary<string, NumberCulture> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["en"] = DotComma, ["ja"] = DotComma, ["zh"] = DotComma, ["ko"] = DotComma, ["he"] = DotComma, ["es-MX"] = DotComma,
        ["de"] = CommaDot, ["es"] = CommaDot, ["it"] = CommaDot, ["nl"] = CommaDot, ["pt"] = CommaDot, ["da"] = CommaDot, ["el"] = CommaDot, ["tr"] = CommaDot, ["ro"] = CommaDot,
        ["hr"] = CommaDot, ["sl"] = CommaDot, ["sr"] = CommaDot, ["id"] = CommaDot,
        ["fr"] = CommaSpace, ["pl"] = CommaSpace, ["cs"] = CommaSpace, ["sk"] = CommaSpace, ["sv"] = CommaSpace, ["nb"] = CommaSpace, ["nn"] = CommaSpace, ["no"] = CommaSpace,
        ["fi"] = CommaSpace, ["hu"] = CommaSpace, ["ru"] = CommaSpace, ["uk"] = CommaSpace, ["bg"] = CommaSpace, ["pt-PT"] = CommaSpace, ["de-AT"] = CommaSpace,
        ["de-CH"] = DotApostrophe, ["de-LI"] = DotApostrophe, ["it-CH"] = DotApostrophe, ["en-ZA"] = CommaSpace,
    };

    /// <summary>Null if the name is unknown.</summary>
    /// <param name="name">For example <c>de-DE</c> or <c>de</c>.</param>
    public static NumberCulture? Find(string name) => Known.GetValueOrDefault(name) ?? (name.Split('-') is [{ Length: 2 } language, { Length: 2 or 4 }] ? Known.GetValueOrDefault(language) : null);

    public static bool IsGroup(NumberCulture culture, char letter) => culture.Group switch
    {
        AnySpace => char.IsWhiteSpace(letter),
        Apostrophe => letter is Apostrophe or '’',
        var group => letter == group,
    };
}
