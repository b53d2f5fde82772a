using System.Globalization;

namespace ClockifyFunctions.Destinations;

/// <summary>How numbers are written in a culture. People type a plain space or apostrophe where a culture has a special one.</summary>
internal sealed class NumberCulture(CultureInfo culture)
{
    private readonly char _group = Plain(culture.NumberFormat.NumberGroupSeparator[0]);

    /// <summary>Before the decimals.</summary>
    public char Decimal { get; } = culture.NumberFormat.NumberDecimalSeparator[0];

    /// <summary>Whether a letter stands between thousands.</summary>
    public bool IsGroup(char letter) => Plain(letter) == _group;

    /// <summary>Whether a letter is a separator of numbers in some culture, and means nothing in this one.</summary>
    public bool IsForeign(char letter) => letter is '.' or ',' && letter != Decimal && letter != _group;

    private static char Plain(char letter) => char.IsWhiteSpace(letter) ? ' ' : letter is '’' ? '\'' : letter;
}
