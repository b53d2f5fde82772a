namespace ClockifyFunctions.Destinations;

/// <summary>How a country writes numbers. The app runs without the cultures of the operating system, so that it reads alike on every machine.</summary>
/// <param name="Group">Between thousands.</param>
internal sealed record NumberCulture(char Decimal, char Group)
{
    private const char AnySpace = ' ', Apostrophe = '\'';

    private static readonly NumberCulture DotComma = new('.', ','), CommaDot = new(',', '.'), CommaSpace = new(',', AnySpace), DotApostrophe = new('.', Apostrophe);

    /// <summary>By language, and by language and country where a country differs.</summary>
    private static readonly Dictionary<string, NumberCulture> Known = new (string Names, NumberCulture Culture)[]
    {
        ("en ja zh ko he es-MX", DotComma),
        ("de es it nl pt da el tr ro hr sl sr id", CommaDot),
        ("fr pl cs sk sv nb nn no fi hu ru uk bg pt-PT de-AT en-ZA", CommaSpace),
        ("de-CH de-LI it-CH", DotApostrophe),
    }.SelectMany(group => group.Names.Split(' ').Select(name => KeyValuePair.Create(name, group.Culture))).ToDictionary(StringComparer.OrdinalIgnoreCase);

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
