using ClockifyFunctions.Destinations;
using ClockifyFunctions.Rendering;

namespace ClockifyFunctions.Sending;

/// <summary>
/// Decides whether the object of a refused call no longer exists, for deletes and for calls on linked objects. Clockify reports a missing object
/// with status 400 and code 501, which it also uses for other errors. The class therefore reads the object as the catalog describes.
/// </summary>
internal static class Gone
{
    private const int BadRequest = 400, NotFound = 404, NotThereAnyMore = 410;

    /// <param name="refused">The answer to the refused call.</param>
    /// <param name="call">Takes a permit and makes one call.</param>
    /// <param name="isOfRead">Whether the refused call was itself the read of the object. The object is not read again then.</param>
    /// <returns>Null if the API gave no clear answer.</returns>
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
        // Errors of the API have a code. The error page of a proxy has none.
        return answer.Status is BadRequest or NotFound && JsonPeek.Number(answer.Body.Utf8, "code") is not null ? true : null;
    }
}
