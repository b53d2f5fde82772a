using System.Text.Json.Serialization;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Destinations;
using ClockifyFunctions.RateLimiting;

namespace ClockifyFunctions.Api;

/// <summary>The condition of a destination or a credential.</summary>
internal enum ConditionKind
{
    /// <summary>Records are sent, or will be sent as soon as they arrive.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>A person has paused the destination.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>The API does not work at the moment. The app tries again automatically.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>Nothing is sent until a person acts.</summary>
    [JsonStringEnumMemberName("stopped")]
    Stopped,
}

/// <summary>The condition as text. The list, the page and the API show this text. Pure.</summary>
/// <param name="Text">Two or three words.</param>
/// <param name="Reason">One sentence with the reason; null if the text is sufficient.</param>
/// <param name="Remedy">What a person can do; null if no action is needed.</param>
/// <param name="CanResume">Whether a person can end this condition by resuming the credential.</param>
internal sealed record Condition(ConditionKind Kind, string Text, string? Reason = null, string? Remedy = null, bool CanResume = false)
{
    /// <param name="credential">Null if no credential of the name <paramref name="credentialName"/> exists.</param>
    /// <param name="gate">The gate of that credential.</param>
    /// <param name="isFailing">The drain has paused the destination because its calls failed, and no call has succeeded since.</param>
    public static Condition OfDestination(DestinationState state, string credentialName, Credential? credential, GateStatus? gate, bool isFailing = false)
    {
        if (credential is null)
            return new Condition(ConditionKind.Stopped, "No credential", $"There is no credential '{credentialName}'.", "Add a credential with this name. Until then, records wait.");
        var key = OfCredential(credential, gate);
        if (key.Kind == ConditionKind.Stopped) return key;
        if (state == DestinationState.Paused) return new Condition(ConditionKind.Paused, "Paused", "Records wait until you activate the destination.");
        return isFailing ? new Condition(ConditionKind.Waiting, "API not available", "The last calls failed. Records wait, and the app tries again automatically.") : key;
    }

    public static Condition OfCredential(Credential credential, GateStatus? gate)
    {
        if (credential.Unusable is { } unusable) return new Condition(ConditionKind.Stopped, "No usable key", $"{unusable}.");
        if (gate?.Suspended is { } reason) return new Condition(ConditionKind.Stopped, "Key refused", $"{reason}.", $"Replace the key of credential '{credential.Name}'. If Clockify accepts this key again, resume the credential. Records wait until then.", CanResume: true);
        return new Condition(ConditionKind.Active, "Active");
    }
}
