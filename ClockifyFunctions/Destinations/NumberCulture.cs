using System.Globalization;

namespace ClockifyFunctions.Destinations;

/// <summary>The number format of a culture. A plain space or apostrophe is accepted in place of a culture's special one.</summary>
internal sealed class NumberCulture(CultureInfo culture)
{
    private readonly char _group = Plain(culture.NumberFormat.NumberGroupSeparator[0]);

    /// <summary>The separator before the decimals.</summary>
    public char Decimal { get; } = culture.NumberFormat.NumberDecimalSeparator[0];

    /// <summary>Whether a character is a thousands separator of the culture.</summary>
    public bool IsGroup(char letter) => Plain(letter) == _group;

    /// <summary>Whether a character is a dot or comma that is not a number separator in this culture.</summary>
    public bool IsForeign(char letter) => letter is '.' or ',' && letter != Decimal && letter != _group;

    private static char Plain(char letter) => char.IsWhiteSpace(letter) ? ' ' : letter is '’' ? '\'' : letter;
}
