namespace ClockifyFunctions.References;

/// <summary>The result of a search for the key of a synchronized record.</summary>
internal abstract record ExternalKey
{
    /// <summary>The key is linked to an object.</summary>
    internal sealed record Linked(string Id) : ExternalKey;

    /// <summary>The destination has no object for the key.</summary>
    internal sealed record Unknown : ExternalKey;

    /// <summary>The object of the key cannot be determined, for example because the destination does not synchronize.</summary>
    /// <param name="Why">The reason and the remedy, as a sentence.</param>
    internal sealed record Unavailable(string Why) : ExternalKey;
}

/// <summary>Finds the object of a key of a destination that synchronizes.</summary>
internal interface IExternalKeys
{
    /// <param name="credential">The credential of the destination whose records name the key.</param>
    ExternalKey Find(string credential, string destination, string key);
}
