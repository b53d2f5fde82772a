using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.References;

/// <summary>The services that lookups and creations need from the process that holds the gate.</summary>
internal interface ILookupCalls
{
    /// <summary>Makes one call, including its permit.</summary>
    Task<CallResult> CallAsync(RenderedRequest request);

    /// <summary>Checks, after a 401 or 403, whether the API accepts the key elsewhere, so that the key only has no permission for this call.</summary>
    Task<bool> HasNoRightAsync();

    /// <summary>
    /// Returns the time until which an earlier call for the creation may still take effect. Returns null if no call was started, or if the creation
    /// has ended.
    /// </summary>
    DateTimeOffset? MayTakeEffectUntil(string creation);

    /// <summary>Writes the start of the creation to the journal. Completes when the line is durable.</summary>
    Task BeginAsync(string creation);

    /// <summary>Ends the creation: the effect of its call is known.</summary>
    /// <param name="entityId">The id of the created object; null if no object was created.</param>
    void End(string creation, string? entityId);

    Task DelayUntilAsync(DateTimeOffset time);
}
