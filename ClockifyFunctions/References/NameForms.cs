using System.Globalization;
using System.Text;

namespace ClockifyFunctions.References;

/// <summary>The forms in which names are compared. The app runs without the data of ICU, with which .NET would normalize text, so the compositions are a resource.</summary>
internal static class NameForms
{
    private const char HangulFirst = '\uAC00', HangulLast = '\uD7A3', LeadFirst = '\u1100', VowelFirst = '\u1161', TrailBefore = '\u11A7';
    private const int Leads = 19, Vowels = 21, Trails = 28;

    private static readonly Lazy<Dictionary<(char Base, char Mark), char>> Compositions = new(ReadCompositions);

    /// <summary>Without spaces around it, with single spaces inside, and with composed characters (NFC).</summary>
    public static string Tidy(string name)
    {
        if (IsTidy(name)) return name;
        var tidy = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            var isSpace = char.IsWhiteSpace(letter);
            if (isSpace && (tidy.Length == 0 || tidy[^1] == ' ')) continue;
            if (!isSpace && tidy.Length > 0 && Compose(tidy[^1], letter) is { } composed) tidy[^1] = composed;
            else tidy.Append(isSpace ? ' ' : letter);
        }

        if (tidy.Length > 0 && tidy[^1] == ' ') tidy.Length--;
        return tidy.ToString();
    }

    /// <summary>As <see cref="Tidy"/>, without letter case.</summary>
    public static string Fold(string name) => Tidy(name).ToUpperInvariant();

    /// <summary>ASCII with single spaces inside, as most names are.</summary>
    private static bool IsTidy(string name)
    {
        var before = ' ';
        foreach (var letter in name)
        {
            if (letter is < ' ' or > '~' || (letter == ' ' && before == ' ')) return false;
            before = letter;
        }

        return name.Length == 0 || before != ' ';
    }

    private static char? Compose(char first, char second)
    {
        if (second < '\u0300') return null;
        if (first - LeadFirst is >= 0 and < Leads and var lead && second - VowelFirst is >= 0 and < Vowels and var vowel) return (char)(HangulFirst + (((lead * Vowels) + vowel) * Trails));
        if (first is >= HangulFirst and <= HangulLast && (first - HangulFirst) % Trails == 0 && second - TrailBefore is > 0 and < Trails and var trail) return (char)(first + trail);
        return Compositions.Value.TryGetValue((first, second), out var composed) ? composed : null;
    }

    private static Dictionary<(char, char), char> ReadCompositions()
    {
        using var stream = typeof(NameForms).Assembly.GetManifestResourceStream("compositions.txt")!;
        using var reader = new StreamReader(stream);
        var read = new Dictionary<(char, char), char>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var codes = line.Split(' ');
            read[(Code(codes[0]), Code(codes[1]))] = Code(codes[2]);
        }

        return read;

        static char Code(string hex) => (char)int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
