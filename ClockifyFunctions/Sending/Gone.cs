using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Answers "is the object gone?", for deletes and for operations on the object of a key. Clockify says it with 400 and code 501, which it uses
/// for much else as well, so the object is read, in the way that the endpoint's data says.
/// </summary>
internal static class Gone
{
    private const int BadRequest = 400, NotFound = 404, NotThereAnyMore = 410;

    /// <param name="refused">The answer to the call.</param>
    /// <param name="call">Makes one call, permit included.</param>
    /// <param name="isOfRead">Whether the refused call was the one that reads the object. The object is not read again then.</param>
    /// <returns>Null when it could not be found out just now.</returns>
    public static async ValueTask<bool?> IsAsync(Destination destination, RenderedRequest request, CallResult refused, Func<RenderedRequest, Task<CallResult>> call, bool isOfRead = false)
    {
        if (!destination.IsOfLink && (destination.Method != HttpMethod.Delete || destination.WhenGone != WhenGone.Delivered)) return false;
        if (destination.Endpoint is null) return refused.Status is NotFound or NotThereAnyMore;
        if (refused.Status is not (BadRequest or NotFound) || destination.Endpoint is not { Read: { } read } || !(destination.IsOfLink || destination.Endpoint.Repeat == Repeatability.Gone)) return false;
        if (read.List is { } list)
        {
            var id = EndpointPath.ValueOf(destination, request, "{id}");
            var search = await ListSearch.FindAsync(EndpointPath.Resolve(destination, request, list), read, item => NaturalKey.Text(item, "id") == id, call);
            return search.Failed ? null : search.Found is null;
        }

        var answer = isOfRead ? refused : await call(new RenderedRequest(HttpMethod.Get, request.Url, default) { Answer = AnswerShape.Entity });
        if (answer.IsSuccess) return false;
        // The API's errors have a code; a proxy's page has none.
        return answer.Status is BadRequest or NotFound && JsonPeek.Number(answer.Body.Utf8, "code") is not null ? true : null;
    }
}
