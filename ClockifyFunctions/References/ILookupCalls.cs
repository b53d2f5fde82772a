using ClockifyFunctions.Rendering;
using ClockifyFunctions.Sending;

namespace ClockifyFunctions.References;

/// <summary>What finding and creating objects needs of the process that holds the gate.</summary>
internal interface ILookupCalls
{
    /// <summary>One call, permit included.</summary>
    Task<CallResult> CallAsync(RenderedRequest request);

    /// <summary>After a 401 or 403: whether the key has no right here, but is accepted elsewhere.</summary>
    Task<bool> HasNoRightAsync();

    /// <summary>Until when an earlier call for the creation may still take effect; null: none was begun, or it has ended.</summary>
    DateTimeOffset? MayTakeEffectUntil(string creation);

    /// <summary>Returns when it is durable that a call for the creation may leave.</summary>
    Task BeginAsync(string creation);

    /// <summary>The creation's call has no effect any more that is not known.</summary>
    /// <param name="entityId">The object that it made; null if it made none.</param>
    void End(string creation, string? entityId);

    Task DelayUntilAsync(DateTimeOffset time);
}
