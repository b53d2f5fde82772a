namespace ClockifyFunctions.Destinations;

/// <summary>How a mapped value is written in the record. Each option is for the field types that it means something for.</summary>
/// <param name="Format">Of dates and times. Null: ISO 8601.</param>
/// <param name="At">The time of day of a date that has none. Null: that of the field, if it has one.</param>
/// <param name="Unit">Of a duration that is a bare number. Null: hours.</param>
/// <param name="Numbers">Null: a dot or a comma before the decimals, and nothing between thousands.</param>
/// <param name="Split">What separates the items of a list in a text. Null: the text is the only item.</param>
internal sealed record ValueOptions(DateFormat? Format = null, TimeOnly? At = null, DurationUnit? Unit = null, NumberCulture? Numbers = null, string? Split = null)
{
    public static readonly ValueOptions None = new();
}

internal enum DurationUnit
{
    Hours,
    Minutes,
    Seconds,
}
