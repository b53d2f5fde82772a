namespace ClockifyFunctions.References;

/// <summary>What is known of the key of a synchronized record.</summary>
internal abstract record ExternalKey
{
    /// <summary>The object that the key stands for.</summary>
    internal sealed record Linked(string Id) : ExternalKey;

    /// <summary>The destination has no object for the key.</summary>
    internal sealed record Unknown : ExternalKey;

    /// <summary>Nothing can be told, for example because the destination does not synchronize.</summary>
    /// <param name="Why">As a sentence, with the remedy.</param>
    internal sealed record Unavailable(string Why) : ExternalKey;
}

/// <summary>Which object each key of a destination that synchronizes stands for.</summary>
internal interface IExternalKeys
{
    /// <param name="credential">Of the destination whose records name the key.</param>
    ExternalKey Find(string credential, string destination, string key);
}
