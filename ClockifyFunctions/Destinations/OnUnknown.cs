namespace ClockifyFunctions.Destinations;

/// <summary>What happens to a create that was sent and never answered.</summary>
internal enum OnUnknown
{
    /// <summary>Read back by the record's natural key; send again only if it is not there.</summary>
    Verify,

    /// <summary>Send again, at the risk of a duplicate.</summary>
    Resend,

    /// <summary>Set aside for a person to decide.</summary>
    Quarantine,
}
