namespace ClockifyFunctions.Destinations;

/// <summary>The format of a mapped value in the record. Each option applies only to certain field types.</summary>
/// <param name="Format">The format of dates and times; null for ISO 8601.</param>
/// <param name="At">The time of day for dates without one. Null uses the time of the field, if it has one.</param>
/// <param name="Unit">The unit of a duration that is a plain number; null for hours.</param>
/// <param name="Numbers">The number format. Null accepts a dot or a comma before the decimals, and no thousands separator.</param>
/// <param name="Split">The separator of list items in a text. If it is null, the text is the only item.</param>
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
