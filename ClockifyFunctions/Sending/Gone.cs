using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Answers "was there nothing left to delete?". Clockify's endpoints say it with 400 and code 501, which they use for much else as
/// well, so the object is read: what cannot be deleted can be read.
/// </summary>
internal static class Gone
{
    private const int NotFound = 404, NotThereAnyMore = 410, BadRequest = 400;

    /// <param name="refused">The answer to the delete.</param>
    /// <param name="call">Makes one call, permit included.</param>
    public static async Task<bool> IsAsync(Destination destination, RenderedRequest request, CallResult refused, Func<RenderedRequest, Task<CallResult>> call)
    {
        if (destination.Method != HttpMethod.Delete || destination.WhenGone != WhenGone.Delivered) return false;
        if (destination.Endpoint is null) return refused.Status is NotFound or NotThereAnyMore;
        return refused.Status == BadRequest && (await call(new RenderedRequest(HttpMethod.Get, request.Url, default))).Status == BadRequest;
    }
}
