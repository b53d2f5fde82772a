namespace ClockifyFunctions.Destinations;

/// <summary>The treatment of a create that was sent and not answered.</summary>
internal enum OnUnknown
{
    /// <summary>Search the object by the record's natural key, and send the record again only if the object does not exist.</summary>
    Verify,

    /// <summary>Send the record again. This can create a duplicate.</summary>
    Resend,

    /// <summary>Quarantine the record for a person to decide.</summary>
    Quarantine,
}
