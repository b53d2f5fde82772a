namespace ClockifyFunctions.Destinations;

/// <summary>Whether a call of a destination may be repeated if it was not answered.</summary>
internal enum Repeat
{
    /// <summary>A second call has no second effect.</summary>
    Repeatable,

    /// <summary>A second call has a second effect, and delivery can read whether the first one took effect.</summary>
    Verifiable,

    /// <summary>A second call has a second effect, and delivery cannot find out whether the first one took effect.</summary>
    Neither,
}
