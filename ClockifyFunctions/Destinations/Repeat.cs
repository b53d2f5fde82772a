namespace ClockifyFunctions.Destinations;

/// <summary>What a destination's calls permit after one that was not answered.</summary>
internal enum Repeat
{
    /// <summary>A second call has no second effect.</summary>
    Repeatable,

    /// <summary>A second call has a second effect, and whether the first one took effect can be read.</summary>
    Verifiable,

    /// <summary>A second call has a second effect, and nothing tells whether the first one took effect.</summary>
    Neither,
}
