using System.Text;

namespace ClockifyFunctions.References;

/// <summary>The forms in which names are compared.</summary>
internal static class NameForms
{
    /// <summary>Returns the name without leading and trailing spaces, with single spaces inside, and with composed characters (NFC).</summary>
    public static string Tidy(string name)
    {
        if (IsTidy(name)) return name;
        var tidy = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (!char.IsWhiteSpace(letter)) tidy.Append(letter);
            else if (tidy.Length > 0 && tidy[^1] != ' ') tidy.Append(' ');
        }

        if (tidy.Length > 0 && tidy[^1] == ' ') tidy.Length--;
        return tidy.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Like <see cref="Tidy"/>, and also removes differences in letter case.</summary>
    public static string Fold(string name) => Tidy(name).ToUpperInvariant();

    /// <summary>Whether the name contains only ASCII characters and single spaces, as most names do.</summary>
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
}
